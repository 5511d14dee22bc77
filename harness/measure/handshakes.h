// How the connections of a flow came about at a router, and how they ended: SYN and RST segments on both of its sides.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>

#include "capture/packet.h"
#include "measure/evidence_log.h"
#include "model/leg.h"
#include "model/measurement.h"

namespace offlab {

class Handshakes {
 public:
  // `sees_both_ways`: segments of the receiver pass both captures, too.
  Handshakes(const HopIntent& hop, HandshakeMeasurements& seen, EvidenceLog& evidence, bool sees_both_ways);

  // A SYN or RST segment of the flow. `forth`: in the direction of the data. `into_router`: it comes to the router;
  // otherwise it leaves it. `acknowledged`: payload bytes that its connection had carried until then.
  void see(const Packet& packet, const Frame& frame, std::uint64_t number, bool forth, bool into_router,
           std::uint64_t acknowledged);
  void finish();

 private:
  struct Place {
    std::uint64_t number = 0;
    std::int64_t time_ns = 0;
    bool forth = false;
    bool into_router = false;
  };
  struct Passed {
    Packet packet;
    Place place;
    std::uint64_t times_in = 0;
    std::uint64_t times_out = 0;
  };

  void see_syn(const Packet& packet, const Place& place);
  void see_reset(const Packet& packet, const Place& place, std::uint64_t acknowledged);
  void add(Invariant invariant, const Packet& packet, const Place& place, const std::string& comment);

  const HopIntent& hop_;
  HandshakeMeasurements& seen_;
  EvidenceLog& evidence_;
  bool sees_both_ways_;
  std::map<std::uint64_t, Passed> syns_;  // by direction and sequence number
  std::unordered_set<std::uint64_t> resets_;
};

}  // namespace offlab
