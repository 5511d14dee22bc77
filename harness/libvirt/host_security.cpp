#include "libvirt/host_security.h"

#include <charconv>
#include <string_view>

#include <pugixml.hpp>

#include "base/error.h"

namespace offlab {

namespace {

// "+64055:+108"
bool parse_label(std::string_view label, GuestUser& user) {
  const auto parse = [&](unsigned& number) {
    if (!label.starts_with('+')) return false;
    const auto [end, error] = std::from_chars(label.data() + 1, label.data() + label.size(), number);
    label.remove_prefix(static_cast<std::size_t>(end - label.data()));
    return error == std::errc();
  };
  if (!parse(user.user) || !label.starts_with(':')) return false;
  label.remove_prefix(1);
  return parse(user.group) && label.empty();
}

}  // namespace

HostSecurity host_security(const std::string& capabilities) {
  pugi::xml_document document;
  if (!document.load_string(capabilities.c_str())) throw Error("libvirt's capabilities are no XML");
  HostSecurity security;
  bool has_user = false;
  for (const pugi::xml_node& one : document.child("capabilities").child("host").children("secmodel")) {
    const std::string_view model = one.child("model").text().get();
    if (model != "dac") {
      if (model != "none" && !model.empty()) security.models.emplace_back(model);
      continue;
    }
    const std::string_view label = one.find_child_by_attribute("baselabel", "type", "kvm").text().get();
    has_user = parse_label(label, security.user);
  }
  if (!has_user)
    throw Error("libvirt does not say which user its QEMU runs as (secmodel dac)",
                "set user and group in /etc/libvirt/qemu.conf to a user of its own, and restart libvirtd");
  return security;
}

}  // namespace offlab
