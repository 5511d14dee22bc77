// A tap's offload word, read from its state and as hypervisor.lro forces it.
#pragma once

#include <string>

#include <fmt/core.h>

#include "base/error.h"
#include "model/observation.h"
#include "model/offload.h"
#include "port/injection.h"

namespace offlab {

inline constexpr std::uint32_t tap_has_vnet_header = 0x4000;  // IFF_VNET_HDR

inline OffloadWord word_of(const TapState& state) {
  return {state.features.at("tx-checksum-ip-generic"), state.features.at("tx-tcp-segmentation"),
          state.features.at("tx-tcp6-segmentation")};
}

// What forcing replaces. Throws Unsupported when the tap takes no coalesced packets.
inline OffloadWord word_to_replace(const std::string& tap, const TapState& state) {
  if ((state.tun_flags & tap_has_vnet_header) == 0)
    throw Unsupported(
        fmt::format("tap {} has no segmentation header: QEMU's model of this NIC takes no coalesced packets", tap));
  return word_of(state);
}

inline OffloadWord forced_word(LroFamilies families) {
  return {true, families != LroFamilies::ipv6, families != LroFamilies::ipv4};
}

}  // namespace offlab
