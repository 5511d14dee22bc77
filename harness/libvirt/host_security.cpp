#include "libvirt/host_security.h"

#include <cstdio>
#include <string_view>

#include <pugixml.hpp>

#include "base/error.h"

namespace offlab {

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
    const char* label = one.find_child_by_attribute("baselabel", "type", "kvm").text().get();
    has_user = std::sscanf(label, "+%u:+%u", &security.user.user, &security.user.group) == 2;
  }
  if (!has_user)
    throw Error("libvirt does not say which user its QEMU runs as (secmodel dac)",
                "set user and group in /etc/libvirt/qemu.conf to a user of its own, and restart libvirtd");
  return security;
}

}  // namespace offlab
