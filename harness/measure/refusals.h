// The router's "packet too big" errors about a flow: were they true?
#pragma once

#include <cstdint>
#include <string>

#include "measure/evidence_log.h"
#include "measure/tcp_connection.h"
#include "model/leg.h"
#include "model/measurement.h"

namespace offlab {

class Refusals {
 public:
  Refusals(const HopIntent& hop, CaptureMeasurements& seen, EvidenceLog& evidence)
      : hop_(hop), seen_(seen), evidence_(evidence) {}

  // `packet` has an error that the router itself sent about a packet of the flow; `connection` is null when its data
  // was never seen. `is_late`: the capture has no data any more, so nothing can be said about it.
  void see(const Packet& packet, const Frame& frame, std::uint64_t number, TcpConnection* connection, bool is_late);

 private:
  // True for an honest one that comes when the sender should have obeyed.
  bool judge(const TooBigError& error, const Transmissions::Lookup& sent, TcpConnection& connection,
             const Frame& frame);
  void add_pair(Invariant invariant, const Packet& packet, const Frame& frame, std::uint64_t number,
                const Transmission& refused, const TcpConnection& connection);

  const HopIntent& hop_;
  CaptureMeasurements& seen_;
  EvidenceLog& evidence_;
};

// "IP 198.18.2.2.5201 > ...: length 7240  [gso_size 1448: 5 packets of 1500 B]"
std::string describe_transmission(const Transmission& sent, const TcpConnection& connection);

}  // namespace offlab
