#include "vsphere/vsphere_session.h"

#include <fmt/core.h>
#include <openssl/crypto.h>

#include "base/error.h"

namespace offlab {
namespace {

// More objects than any lab has: whoever sends so many has something else in mind.
constexpr std::size_t most_objects = 10'000;

ManagedObject reference_in(const pugi::xml_node& node, std::string_view name) {
  const pugi::xml_node child = child_named(node, name);
  return {child.attribute("type").value(), child.text().get()};
}

FoundObject found_in(const pugi::xml_node& node) {
  FoundObject found{reference_in(node, "obj")};
  for (const pugi::xml_node& set : node.children()) {
    if (local_name(set.name()) != "propSet") continue;
    const std::string name = text_of(set, "name");
    const pugi::xml_node value = child_named(set, "val");
    found.texts[name] = value.text().get();
    if (const char* type = value.attribute("type").value(); *type != '\0')
      found.references[name] = {type, value.text().get()};
  }
  return found;
}

std::string paths_of(const std::string& type, const std::vector<std::string>& properties) {
  std::string paths = fmt::format("<propSet><type>{}</type>", type);
  for (const std::string& property : properties) paths += fmt::format("<pathSet>{}</pathSet>", property);
  return paths + "</propSet>";
}

}  // namespace

std::string fault_words(const SoapAnswer& answer) {
  if (answer.fault_text().empty()) return answer.fault_type();
  return fmt::format("{}: {}", answer.fault_type(), answer.fault_text());
}

VsphereSession::VsphereSession(SoapTransport& transport, std::string name, std::string user, std::string password,
                               Note note)
    : transport_(transport),
      name_(std::move(name)),
      user_(std::move(user)),
      password_(std::move(password)),
      note_(std::move(note)) {}

VsphereSession::~VsphereSession() {
  OPENSSL_cleanse(password_.data(), password_.size());
  if (!is_logged_in_) return;
  try {
    send("Logout", session_manager_, "");
  } catch (const std::exception&) {  // it ends by itself after a while
  }
}

SoapAnswer VsphereSession::send(const std::string& method, const ManagedObject& object, const std::string& arguments) {
  std::string text = transport_.post(soap_envelope(method, object, arguments));
  return with_frame(name_, [&] { return SoapAnswer(std::move(text)); });
}

void VsphereSession::begin() {
  const SoapAnswer answer =
      send("Login", session_manager_,
           fmt::format("<userName>{}</userName><password>{}</password>", xml_text(user_), xml_text(password_)));
  if (answer.fault_type() == "InvalidLogin")
    throw Error(fmt::format("{} refuses user '{}' with this password", name_, user_));
  if (answer.is_fault()) throw Error(fmt::format("{}: login as '{}': {}", name_, user_, fault_words(answer)));
  is_logged_in_ = true;
}

void VsphereSession::login() {
  const SoapAnswer answer = send("RetrieveServiceContent", {"ServiceInstance", "ServiceInstance"}, "");
  if (answer.is_fault()) throw Error(fmt::format("{}: {}", name_, fault_words(answer)));
  const pugi::xml_node content = child_named(answer.response(), "returnval");
  session_manager_ = reference_in(content, "sessionManager");
  property_collector_ = reference_in(content, "propertyCollector");
  view_manager_ = reference_in(content, "viewManager");
  root_folder_ = reference_in(content, "rootFolder");
  const pugi::xml_node about = child_named(content, "about");
  about_ = {text_of(about, "name"), text_of(about, "version"), text_of(about, "build"), text_of(about, "apiType")};
  for (const ManagedObject* one : {&session_manager_, &property_collector_, &view_manager_, &root_folder_})
    if (one->id.empty()) throw Error(fmt::format("{} is no vSphere API: it does not tell its services", name_));
  begin();
}

SoapAnswer VsphereSession::call(const std::string& method, const ManagedObject& object, const std::string& arguments) {
  SoapAnswer answer = send(method, object, arguments);
  if (answer.fault_type() != "NotAuthenticated") return answer;
  note_(fmt::format("{}: the session had expired; logging in again", name_));
  is_logged_in_ = false;
  begin();
  SoapAnswer again = send(method, object, arguments);
  if (again.fault_type() == "NotAuthenticated")
    throw Error(fmt::format("{} ends each session at once", name_), "does another program end sessions of this user?");
  return again;
}

SoapAnswer VsphereSession::require(const std::string& method, const ManagedObject& object,
                                   const std::string& arguments) {
  SoapAnswer answer = call(method, object, arguments);
  if (answer.fault_type() == "NoPermission")
    throw Error(fmt::format("{}: user '{}' may not call {}", name_, user_, method),
                "the role needs Host.Configuration.Advanced settings");
  if (answer.is_fault()) throw Error(fmt::format("{}: {}: {}", name_, method, fault_words(answer)));
  return answer;
}

std::vector<FoundObject> VsphereSession::find(const std::string& type, const std::vector<std::string>& properties) {
  const SoapAnswer made = require(
      "CreateContainerView", view_manager_,
      fmt::format("{}<type>{}</type><recursive>true</recursive>", xml_reference("container", root_folder_), type));
  const ManagedObject view{"ContainerView", text_of(made.response(), "returnval")};
  SoapAnswer answer = require(
      "RetrievePropertiesEx", property_collector_,
      fmt::format("<specSet>{}<objectSet>{}<skip>true</skip><selectSet xsi:type=\"TraversalSpec\"><name>view</name>"
                  "<type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet>"
                  "<options/>",
                  paths_of(type, properties), xml_reference("obj", view)));
  std::vector<FoundObject> found;
  while (true) {
    const pugi::xml_node result = child_named(answer.response(), "returnval");
    for (const pugi::xml_node& one : result.children())
      if (local_name(one.name()) == "objects") found.push_back(found_in(one));
    const std::string token = text_of(result, "token");
    if (token.empty()) return found;
    if (found.size() > most_objects) throw Error(fmt::format("{}: it has no end of {} objects", name_, type));
    answer =
        require("ContinueRetrievePropertiesEx", property_collector_, fmt::format("<token>{}</token>", xml_text(token)));
  }
}

SoapAnswer VsphereSession::property(const ManagedObject& object, const std::string& path) {
  return require("RetrievePropertiesEx", property_collector_,
                 fmt::format("<specSet>{}<objectSet>{}</objectSet></specSet><options/>", paths_of(object.type, {path}),
                             xml_reference("obj", object)));
}

}  // namespace offlab
