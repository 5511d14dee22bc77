// What a libvirtd says of the confinement of its guests. Pure. Format: https://libvirt.org/formatcaps.html
#pragma once

#include <string>
#include <vector>

#include "libvirt/domain_xml.h"

namespace offlab {

struct HostSecurity {
  GuestUser user;                        // of QEMU
  std::vector<std::string> models = {};  // those that confine it beside the user: "apparmor", "selinux"
};

// `capabilities`: XML. Throws Error where it does not say which user QEMU runs as.
HostSecurity host_security(const std::string& capabilities);

}  // namespace offlab
