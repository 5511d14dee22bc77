// Names one NIC of a topology.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace offlab {

struct NicRef {
  std::string node;
  std::string network;
  auto operator<=>(const NicRef&) const = default;
};

// "router wan": for people, and in files.
inline std::string to_string(const NicRef& nic) {
  return nic.node + " " + nic.network;
}
// Nothing when the text names no NIC.
std::optional<NicRef> parse_nic_ref(std::string_view text);

}  // namespace offlab
