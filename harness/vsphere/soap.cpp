#include "vsphere/soap.h"

#include <new>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

// pugixml has one pair of functions for the process. Memory that a document may take is counted in this thread while an
// answer is taken apart, and nowhere else.
thread_local bool is_counted = false;
thread_local std::size_t memory_left = 0;

void* allocate(std::size_t size) {
  if (is_counted) {
    if (size > memory_left) return nullptr;
    memory_left -= size;
  }
  return ::operator new(size, std::nothrow);
}
void release(void* memory) {
  ::operator delete(memory);
}

class CountedMemory {
 public:
  explicit CountedMemory(std::size_t most) {
    static const bool once = [] {
      pugi::set_memory_management_functions(allocate, release);
      return true;
    }();
    (void)once;
    memory_left = most;
    is_counted = true;
  }
  ~CountedMemory() { is_counted = false; }
  CountedMemory(const CountedMemory&) = delete;
  CountedMemory& operator=(const CountedMemory&) = delete;
};

// "InvalidLoginFault" is the element of an InvalidLogin.
std::string type_of_element(std::string_view name) {
  constexpr std::string_view tail = "Fault";
  if (name.ends_with(tail) && name.size() > tail.size()) name.remove_suffix(tail.size());
  return name.empty() ? "fault" : std::string(name);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      throw Error("a control character cannot be sent to a vSphere API");
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return escaped;
}

std::string xml_reference(std::string_view name, const ManagedObject& object) {
  return fmt::format("<{0} type=\"{1}\">{2}</{0}>", name, object.type, xml_text(object.id));
}

std::string soap_envelope(const std::string& method, const ManagedObject& object, const std::string& arguments) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soapenv:Envelope "
      "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><{0} xmlns=\"urn:vim25\">{1}{2}</{0}>"
      "</soapenv:Body></soapenv:Envelope>",
      method, xml_reference("_this", object), arguments);
}

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child_named(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& child : node.children())
    if (local_name(child.name()) == name) return child;
  return {};
}

std::string text_of(const pugi::xml_node& node, std::string_view name) {
  return child_named(node, name).text().get();
}

std::string type_of(const pugi::xml_node& node) {
  for (const pugi::xml_attribute& attribute : node.attributes())
    if (std::string_view(attribute.name()).ends_with(":type")) return std::string(local_name(attribute.value()));
  return "";
}

SoapAnswer::SoapAnswer(std::string text) : text_(std::move(text)) {
  const CountedMemory counted(memory_limit);
  document_ = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result parsed =
      document_->load_buffer_inplace(text_.data(), text_.size(), pugi::parse_default & ~pugi::parse_doctype);
  if (parsed.status == pugi::status_out_of_memory) throw Error("its answer has more elements than any true one");
  const pugi::xml_node body = child_named(child_named(*document_, "Envelope"), "Body");
  if (!parsed || !body)
    throw Error(
        fmt::format("its answer is no SOAP document{}{}", parsed ? "" : ": ", parsed ? "" : parsed.description()));
  if (const pugi::xml_node fault = child_named(body, "Fault")) {
    fault_text_ = text_of(fault, "faultstring");
    const pugi::xml_node detail = child_named(fault, "detail").first_child();
    fault_type_ = type_of(detail);
    if (fault_type_.empty()) fault_type_ = type_of_element(local_name(detail.name()));
  }
  response_ = body.first_child();
}

}  // namespace offlab
