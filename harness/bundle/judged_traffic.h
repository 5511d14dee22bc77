// Which frames of a capture its verdict is about.
#pragma once

#include <optional>

#include "capture/packet.h"
#include "runner/analyze_captures.h"

namespace offlab {

class JudgedTraffic {
 public:
  // `at`: of JudgedCaptures::captures.
  JudgedTraffic(const JudgedCaptures& judged, std::size_t at);

  // TCP between the two judged hosts in either direction, its IP fragments among it; errors that a packet was too big
  // which quote such TCP, or go to one of these hosts and quote too little to tell. Where the capture has nothing
  // between the two, its router translates addresses: then it is the TCP of the sender's address and port. Without a
  // judged flow: all such errors, and TCP whose header was cut off.
  bool has(const Frame& frame, const std::optional<Packet>& packet) const;

  // ICMP of the judged family, of whatever kind.
  bool is_icmp(const std::optional<Packet>& packet) const;

 private:
  bool is_host(const IpAddress& address) const;
  bool is_of_hosts(const FlowKey& flow) const;

  bool has_flow_;
  bool is_translated_ = false;
  FlowKey flow_;
};

}  // namespace offlab
