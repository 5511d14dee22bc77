#include "ssh/guest_target.h"

#include <cstdio>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {

std::string link_local_address(const std::string& mac) {
  unsigned b[6];
  int read = 0;
  // NOLINTNEXTLINE(cert-err34-c): two digits always fit
  if (std::sscanf(mac.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x%n", b, b + 1, b + 2, b + 3, b + 4, b + 5, &read) != 6 ||
      static_cast<std::size_t>(read) != mac.size())
    throw Error(fmt::format("'{}' is not a MAC address", mac));
  return fmt::format("fe80::{:x}:{:x}:{:x}:{:x}", ((b[0] ^ 2U) << 8U) | b[1], (b[2] << 8U) | 0xffU, 0xfe00U | b[3],
                     (b[4] << 8U) | b[5]);
}

SshTarget guest_target(const LabKeys& keys, const std::string& mac) {
  SshTarget target;
  target.server = {.host = link_local_address(mac),
                   .interface = "mgmt",
                   .port = 22,
                   .user = "root",
                   .user_key = keys.user_key,
                   .host_keys = PinnedKeys{keys.host_public}};
  return target;
}

}  // namespace offlab
