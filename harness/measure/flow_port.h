// Which packets are of a leg's flow, by port: addresses may be translated on the way.
#pragma once

#include "capture/packet.h"
#include "model/leg.h"

namespace offlab {

// `forth`: in the direction of the data. Before a router that translates the port (DNAT) it is the initiator's.
inline bool has_port(const LegIntent& intent, const FlowKey& forth) {
  const std::uint16_t port = intent.flow.sender_connects ? forth.destination_port : forth.source_port;
  return port == intent.port || (intent.flow.connect && port == intent.flow.connect->port);
}

}  // namespace offlab
