// Counts, as frames pass, the ICMP errors that tell a sender to send what it sends already.
#pragma once

#include <array>
#include <cstdint>

#include "model/frame.h"

namespace offlab {

class TooBigCounter {
 public:
  // `longest`: what one packet of the link may have at most, in L3 bytes. A longer frame whose segment size is not
  // known is several packets, none of them longer than that.
  explicit TooBigCounter(std::uint32_t longest = 65535) : longest_(longest) {}

  // Frames of one capture point, in order.
  void see(const Frame& frame);
  // ICMP 3/4 and ICMPv6 2/0 that came out of the guest while nothing longer than the MTU they advertise went into it.
  std::uint64_t bogus() const { return bogus_; }

 private:
  bool longer_seen_since(std::uint32_t mtu, std::int64_t time_ns) const;

  static constexpr std::uint32_t step = 8;                 // bytes; lengths are kept no finer
  std::array<std::int64_t, 65536 / step> last_seen_ = {};  // by length on the wire
  std::uint32_t longest_;
  std::uint64_t bogus_ = 0;
};

}  // namespace offlab
