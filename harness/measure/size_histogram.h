// Counts packets by their length.
#pragma once

#include <array>
#include <cstdint>

#include "model/case_profile.h"

namespace offlab {

class SizeCounter {
 public:
  // Bytes of L3.
  void add(std::uint32_t length, std::uint64_t packets = 1) {
    std::size_t bin = 0;
    while (bin + 1 < edges.size() && length > edges[bin]) ++bin;
    counts_[bin] += packets;
  }
  // Without the bins that are empty.
  SizeHistogram take() const {
    SizeHistogram histogram;
    for (std::size_t bin = 0; bin < edges.size(); ++bin)
      if (counts_[bin] > 0) histogram.emplace_back(edges[bin], counts_[bin]);
    return histogram;
  }

 private:
  // The sizes that matter on the way through a router: acknowledgements, the smallest IPv4 reassembly buffer (576, RFC
  // 791), the smallest IPv6 MTU (1280), tunnels (1400 to 1499), Ethernet, jumbo frames, and what LRO makes of them.
  static constexpr std::array<std::uint32_t, 14> edges = {64,   128,  256,  576,  1024, 1279,  1399,
                                                          1499, 1500, 3000, 6000, 9000, 16000, 65575};
  std::array<std::uint64_t, edges.size()> counts_ = {};
};

}  // namespace offlab
