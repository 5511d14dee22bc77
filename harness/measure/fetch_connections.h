// What ParsedFrames asks for ahead when the frames of both directions of TCP connections are read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/packet.h"
#include "measure/flow_table.h"
#include "measure/tcp_connection.h"

namespace offlab {

inline FlowKey reversed(const FlowKey& flow) {
  return {flow.destination, flow.source, flow.destination_port, flow.source_port};
}

// Both directions of a connection are kept under the flow of its data.
struct FetchConnections {
  const FlowTable<TcpConnection>& connections;
  std::uint16_t port;
  bool of_receiver = false;

  std::size_t enter(const Packet& packet) const {
    const std::uint16_t forth = of_receiver ? packet.flow.destination_port : packet.flow.source_port;
    const std::size_t hash = FlowKeyHash()(forth == port ? packet.flow : reversed(packet.flow));
    connections.fetch_slot(hash);
    return hash;
  }
  void draw_near(std::size_t hash) const {
    if (const TcpConnection* connection = connections.probably(hash)) connection->fetch();
  }
  void come_next(std::size_t hash) const {
    if (const TcpConnection* connection = connections.probably(hash)) connection->fetch_further();
  }
};

}  // namespace offlab
