// SOAP 1.1 documents of the vSphere API: what is sent, and what an answer says. Pure.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace offlab {

// An element of the API: "HostSystem", "host-21".
struct ManagedObject {
  std::string type;
  std::string id;
  bool operator==(const ManagedObject&) const = default;
};

// Text as it stands in an element. Throws Error for control characters, which XML cannot carry.
std::string xml_text(std::string_view text);
// <name type="TYPE">ID</name>
std::string xml_reference(std::string_view name, const ManagedObject& object);
// The whole document around a method's element.
std::string soap_envelope(const std::string& method, const ManagedObject& object, const std::string& arguments);

// The name without its prefix.
std::string_view local_name(std::string_view name);
// The first child of that local name, and its text; an empty node, "".
pugi::xml_node child_named(const pugi::xml_node& node, std::string_view name);
std::string text_of(const pugi::xml_node& node, std::string_view name);
// The local part of xsi:type: "long".
std::string type_of(const pugi::xml_node& node);

class SoapAnswer {
 public:
  // Takes the document apart. No more than this much memory is used for it, whatever it holds; entities other than
  // XML's own five are not expanded. Throws Error for what is no SOAP document.
  static constexpr std::size_t memory_limit = std::size_t{24} * 1024 * 1024;
  explicit SoapAnswer(std::string text);

  bool is_fault() const { return !fault_type_.empty(); }
  // "InvalidLogin"; what the server says of it.
  const std::string& fault_type() const { return fault_type_; }
  const std::string& fault_text() const { return fault_text_; }
  // The method's response element.
  const pugi::xml_node& response() const { return response_; }

 private:
  std::string text_;  // parsed in place
  std::unique_ptr<pugi::xml_document> document_;
  pugi::xml_node response_;
  std::string fault_type_;
  std::string fault_text_;
};

}  // namespace offlab
