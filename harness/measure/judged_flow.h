// The TCP connections that a router is judged by: all between two hosts that share the port of one of them.
#pragma once

#include <cstdint>

#include "capture/packet.h"

namespace offlab {

struct JudgedFlow {
  IpAddress source;       // of the data
  IpAddress destination;  // of the data
  std::uint16_t port = 0;
  bool of_receiver = false;  // the port is the receiver's: an upload to a server

  bool is_forth(const FlowKey& flow) const {
    return flow.source == source && flow.destination == destination &&
           (of_receiver ? flow.destination_port : flow.source_port) == port;
  }
  bool is_back(const FlowKey& flow) const {
    return flow.destination == source && flow.source == destination &&
           (of_receiver ? flow.source_port : flow.destination_port) == port;
  }
  bool goes(const FlowKey& flow, bool forth) const { return forth ? is_forth(flow) : is_back(flow); }
  // In either direction.
  bool has(const FlowKey& flow) const { return is_forth(flow) || is_back(flow); }
};

}  // namespace offlab
