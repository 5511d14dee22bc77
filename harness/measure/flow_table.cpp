#include "measure/flow_table.h"

#include <array>
#include <cstring>

namespace offlab {

std::size_t FlowKeyHash::operator()(const FlowKey& flow) const {
  constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
  std::uint64_t hash = (std::uint64_t{flow.source_port} << 16U) | flow.destination_port;
  for (const IpAddress* address : {&flow.source, &flow.destination}) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), address->bytes.data(), sizeof words);
    hash = (hash ^ words[0] ^ (hash >> 29U)) * multiplier;
    if (address->family == Family::ipv6) hash = (hash ^ words[1] ^ (hash >> 29U)) * multiplier;
  }
  return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

}  // namespace offlab
