// Which libvirt starts the guests, as libvirt's own tools name it (https://libvirt.org/uri.html).
#pragma once

#include <optional>
#include <string_view>

#include "model/lab_host.h"

namespace offlab {

struct LibvirtUri {
  std::optional<PoolHost> host;  // reached over SSH; nothing: this one
};

// "qemu:///system", "qemu+ssh://[USER@]HOST[:PORT]/system". Throws Error, with a remedy, for any other.
LibvirtUri parse_libvirt_uri(std::string_view text);

}  // namespace offlab
