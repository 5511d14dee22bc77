// A domain as libvirt hands it out.
#pragma once

#include <array>
#include <string>

#include <libvirt/libvirt.h>

#include "base/handle.h"

namespace offlab {

using Domain = Handle<virDomain, virDomainFree>;

inline std::string uuid_of(virDomainPtr domain) {
  std::array<char, VIR_UUID_STRING_BUFLEN> text{};
  virDomainGetUUIDString(domain, text.data());
  return text.data();
}

}  // namespace offlab
