#include "vsphere/vsphere_settings.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/ranges.h>

#include "base/error.h"

namespace offlab {
namespace {

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string names_of(const std::vector<FoundObject>& found) {
  std::vector<std::string> names;
  for (const FoundObject& one : found) names.push_back(one.texts.at("name"));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

void VsphereSettings::find_hosts() {
  std::vector<FoundObject> all = session_.find("HostSystem", {"name", "configManager.advancedOption", "parent"});
  for (FoundObject& one : all) one.texts.try_emplace("name");
  std::vector<FoundObject> chosen = all;
  if (!wanted_.cluster.empty()) {
    std::vector<std::string> ids;
    for (FoundObject& cluster : session_.find("ComputeResource", {"name"}))
      if (cluster.texts["name"] == wanted_.cluster) ids.push_back(cluster.object.id);
    if (ids.empty()) throw Error(fmt::format("{}: there is no cluster '{}'", session_.name(), wanted_.cluster));
    std::erase_if(chosen, [&](FoundObject& one) {
      return std::find(ids.begin(), ids.end(), one.references["parent"].id) == ids.end();
    });
    if (chosen.empty()) throw Error(fmt::format("{}: cluster '{}' has no hosts", session_.name(), wanted_.cluster));
  } else if (!wanted_.names.empty()) {
    for (const std::string& name : wanted_.names)
      if (std::none_of(all.begin(), all.end(), [&](FoundObject& one) { return one.texts["name"] == name; }))
        throw Error(fmt::format("{}: there is no host '{}'; it has: {}", session_.name(), name, names_of(all)));
    std::erase_if(chosen, [&](FoundObject& one) {
      return std::find(wanted_.names.begin(), wanted_.names.end(), one.texts["name"]) == wanted_.names.end();
    });
  }
  if (chosen.empty()) throw Error(fmt::format("{}: it has no hosts", session_.name()));
  if (chosen.size() > 1 && wanted_.names.empty() && wanted_.cluster.empty())
    throw Error(fmt::format("{} has {} hosts: {}", session_.name(), chosen.size(), names_of(chosen)),
                R"(hosts = ["..."] or cluster = "..." in the file of the host)");
  for (FoundObject& one : chosen) {
    const ManagedObject options = one.references["configManager.advancedOption"];
    if (options.id.empty())
      throw Error(fmt::format("{}: host '{}' does not show its advanced settings; is it connected?", session_.name(),
                              one.texts["name"]));
    hosts_[one.texts["name"]] = {one.object, options};
  }
}

std::vector<std::string> VsphereSettings::hosts() {
  if (hosts_.empty()) find_hosts();
  std::vector<std::string> names;
  for (const auto& [name, host] : hosts_) names.push_back(name);
  return names;
}

VsphereSettings::Host& VsphereSettings::host_named(const std::string& name) {
  if (hosts_.empty()) find_hosts();
  const auto found = hosts_.find(name);
  if (found == hosts_.end())
    throw Error(fmt::format("{}: there is no host '{}' among those of the file", session_.name(), name));
  return found->second;
}

std::string VsphereSettings::raw(const std::string& host, const std::string& key) {
  on_host_();
  const SoapAnswer answer =
      session_.call("QueryOptions", host_named(host).options, fmt::format("<name>{}</name>", xml_text(key)));
  std::ostringstream text;
  answer.response().print(text, " ");
  return text.str();
}

const ManagedObject& VsphereSettings::system_of(const std::string& host) {
  return host_named(host).system;
}

EsxiSetting VsphereSettings::read_one(Host& host, const std::string& name, const std::string& key) {
  const SoapAnswer answer = session_.call("QueryOptions", host.options, fmt::format("<name>{}</name>", xml_text(key)));
  // A name that is unknown is a fault, and no other setting's.
  if (answer.fault_type() == "InvalidName") return {key};
  if (answer.is_fault()) throw Error(fmt::format("{}: {}: {}", name, key, fault_words(answer)));
  for (const pugi::xml_node& one : answer.response().children()) {
    if (local_name(one.name()) != "returnval" || text_of(one, "key") != key) continue;  // a prefix finds more
    const pugi::xml_node value = child_named(one, "value");
    const std::string type = type_of(value);
    const auto number = integer_of(value.text().get());
    if (!number || (type != "long" && type != "int" && type != "short" && type != "byte"))
      throw Error(fmt::format("{}: {} is '{}' of type '{}', which is no integer", name, key, value.text().get(), type));
    host.types[key] = type;
    return {key, *number};
  }
  return {key};
}

std::vector<EsxiSetting> VsphereSettings::read(const std::string& host, const std::vector<std::string>& keys) {
  on_host_();
  Host& one = host_named(host);
  std::vector<EsxiSetting> settings;
  for (const std::string& key : keys) settings.push_back(read_one(one, host, key));
  return settings;
}

void VsphereSettings::describe(const std::string& host, std::vector<EsxiSetting>& settings) {
  on_host_();
  const ManagedObject& options = host_named(host).options;
  std::optional<SoapAnswer> found;
  try {
    found.emplace(session_.property(options, "supportedOption"));
  } catch (const Error&) {
    return;  // the values are known all the same
  }
  const SoapAnswer& answer = *found;
  const pugi::xml_node object = child_named(child_named(answer.response(), "returnval"), "objects");
  for (const pugi::xml_node& option : child_named(child_named(object, "propSet"), "val").children()) {
    const std::string key = text_of(option, "key");
    for (EsxiSetting& setting : settings)
      if (setting.key == key) setting.standard = integer_of(text_of(child_named(option, "optionType"), "defaultValue"));
  }
}

void VsphereSettings::write(const std::string& host, const std::string& key, std::int64_t value) {
  on_host_();
  Host& one = host_named(host);
  if (one.types.count(key) == 0 && !read_one(one, host, key).value)
    throw Error(fmt::format("{}: {} is not present", host, key));
  const SoapAnswer answer =
      session_.call("UpdateOptions", one.options,
                    fmt::format("<changedValue><key>{}</key><value xsi:type=\"xsd:{}\">{}</value></changedValue>",
                                xml_text(key), one.types[key], value));
  if (answer.fault_type() == "NoPermission")
    throw Error(fmt::format("{}: the user may not set {}", host, key),
                "the role needs Host.Configuration.Advanced settings");
  if (answer.is_fault()) throw Error(fmt::format("{}: {} = {} is refused: {}", host, key, value, fault_words(answer)));
}

}  // namespace offlab
