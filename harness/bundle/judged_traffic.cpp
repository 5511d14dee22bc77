#include "bundle/judged_traffic.h"

#include "capture/encapsulation.h"

namespace offlab {
namespace {

bool is_tcp_fragment(const Frame& frame) {
  InnermostPacket found;
  return find_innermost_packet(frame.bytes, frame.length, found) && found.ip.protocol == protocol_tcp;
}

}  // namespace

JudgedTraffic::JudgedTraffic(const JudgedCaptures& judged, std::size_t at)
    : has_flow_(judged.has_flow), flow_(judged.flow) {
  const JudgedShare& share = judged.captures.at(at).judged;
  is_translated_ = share.forth_packets + share.back_packets == 0;
}

bool JudgedTraffic::is_host(const IpAddress& address) const {
  return address == flow_.source || address == flow_.destination;
}

bool JudgedTraffic::is_of_hosts(const FlowKey& flow) const {
  if (is_host(flow.source) && is_host(flow.destination)) return true;
  return is_translated_ && ((flow.source == flow_.source && flow.source_port == flow_.source_port) ||
                            (flow.destination == flow_.source && flow.destination_port == flow_.source_port));
}

bool JudgedTraffic::has(const Frame& frame, const std::optional<Packet>& packet) const {
  if (!packet) return false;
  if (packet->too_big) {
    if (!has_flow_) return true;
    return packet->too_big->quote == Quote::none ? is_host(packet->flow.destination)
                                                 : is_of_hosts(packet->too_big->quoted_flow);
  }
  if (packet->tcp_cut_off) return !has_flow_ || is_of_hosts(packet->flow);
  if (!has_flow_ || !is_of_hosts(packet->flow)) return false;
  return packet->tcp || (packet->fragment && is_tcp_fragment(frame));
}

bool JudgedTraffic::is_icmp(const std::optional<Packet>& packet) const {
  return packet && packet->icmp && (!has_flow_ || packet->flow.source.family == flow_.source.family);
}

}  // namespace offlab
