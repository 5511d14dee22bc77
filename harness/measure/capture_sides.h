// Where in the network the packets of a capture were seen: on one side of a router, on both, or more than once at the
// same place (mirror ports, a bridge and its ports). Packets that were seen more than once decide it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "measure/judged_flow.h"
#include "measure/sightings.h"

namespace offlab {

enum class Side : std::uint8_t {
  before,   // the router, towards the sender
  behind,   // it, towards the receiver
  neither,  // a copy of what is seen elsewhere, or beyond a second router
};

class CaptureSides {
 public:
  // All on one side, nothing copied.
  CaptureSides() = default;
  // From the packets of the judged connections.
  CaptureSides(const Sightings& seen, const JudgedFlow& judged);

  // Are both sides of the router in the capture?
  bool has_both() const { return has_both_; }
  // How often each packet is there at one place; 1: once.
  unsigned copies() const { return copies_; }
  // Is each packet there once, all on one side?
  bool is_plain() const { return !has_both_ && copies_ == 1 && !has_neither_; }
  // By how much the TTL is lower behind the router than before; 0: a bridge.
  unsigned hops() const { return hops_; }

  // Of a packet of the judged connections. `before` for all where only one side is in the capture, whichever it is.
  Side side_of(const Viewpoint& viewpoint, bool is_forth) const;

  // For people: "TTL 64 before the router, 63 behind it".
  const std::string& words() const { return words_; }

 private:
  struct Known {
    Viewpoint viewpoint;
    Side side = Side::before;
    std::uint32_t packets = 0;  // different ones, of the sample
    unsigned copies = 1;
    bool matched = false;  // its packets are seen elsewhere, too
  };
  friend class SideFinder;

  std::vector<Known> forth_;
  std::vector<Known> back_;
  bool has_both_ = false;
  bool has_neither_ = false;
  unsigned copies_ = 1;
  unsigned hops_ = 0;
  std::string words_;
};

}  // namespace offlab
