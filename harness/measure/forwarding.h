// What left the router, compared with what came in: lengths, cuts, headers, copies, order.
#pragma once

#include <cstdint>

#include "measure/evidence_log.h"
#include "measure/tcp_connection.h"
#include "model/leg.h"
#include "model/measurement.h"

namespace offlab {

class Forwarding {
 public:
  Forwarding(const HopIntent& hop, ForwardingMeasurements& seen, EvidenceLog& evidence)
      : hop_(hop),
        seen_(seen),
        evidence_(evidence),
        hops_(hop.forwards ? static_cast<unsigned>(routers_of(hop).size()) : 0) {}

  // What of the headers is not looked at.
  void allow(const Limits& limits) { limits_ = limits; }
  // Of captures that were made elsewhere: they may lack frames, so that headers are compared only where it is certain
  // that it is the same packet. `hops`: by how much the TTL is lower behind the router.
  void be_careful(unsigned hops) {
    careful_ = true;
    hops_ = hops;
  }

  // Data at B.
  void leave(const Packet& packet, const Frame& frame, std::uint64_t number, TcpConnection& connection,
             Passages& passages);
  // An acknowledgement without data on its way back: into the router at B, out of it at A.
  static void enter_back(const Packet& packet, TcpConnection& connection);
  void leave_back(const Packet& packet, const Frame& frame, std::uint64_t number, const TcpConnection& connection);

 private:
  // One frame at B, as the wire packets that it stands for.
  struct Left {
    const Packet& packet;
    const Transmission& frame;
    const TcpConnection& connection;
  };

  void check_lengths(const Left& left);
  void compare_with_origins(const Left& left, TcpConnection& connection, Passages& passages);
  bool compare_piece(const Left& left, Transmission& origin, std::uint64_t at, std::uint32_t bytes);
  void add_evidence(Invariant invariant, const Left& left, std::string what);
  void add_pair(Invariant invariant, const Left& left, const Transmission& origin, std::string what);

  const HopIntent& hop_;
  ForwardingMeasurements& seen_;
  EvidenceLog& evidence_;
  unsigned hops_;
  Limits limits_ = {};
  bool careful_ = false;
};

}  // namespace offlab
