// What is in a capture that somebody else made: its TCP flows, the errors about them, and which of the flows a router
// is to be judged by. Memory does not grow with the capture.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "measure/flow_table.h"
#include "measure/judged_flow.h"
#include "measure/sightings.h"
#include "model/frame.h"
#include "model/leg.h"

namespace offlab {

// One direction of a TCP connection.
struct SurveyedFlow {
  FlowKey flow;
  std::uint64_t payload_bytes = 0;
  std::uint32_t frames = 0;    // with payload
  std::uint32_t packets = 0;   // all
  std::uint32_t again = 0;     // frames with data below the furthest: sent again, or out of order
  std::uint32_t furthest = 0;  // sequence number after it
  std::uint8_t hop_limit = 0;

  // Sent again so often that something may be wrong.
  bool is_troubled() const { return again >= 10 && again >= frames / 20; }
};

// "Too big" errors of one machine to another that advertise one MTU.
struct SurveyedRefusals {
  IpAddress from;
  IpAddress to;
  std::uint32_t mtu = 0;
  std::uint64_t count = 0;
  std::uint64_t unquoted = 0;         // of them, cut off before the quoted sequence number
  std::uint32_t smallest_quoted = 0;  // L3 bytes of the refused packets; 0: not told
  std::uint32_t largest_quoted = 0;
};

struct CaptureSurvey {
  static constexpr std::size_t most_flows = 1U << 19U;  // the smallest are forgotten first

  FlowTable<SurveyedFlow> flows;
  std::vector<SurveyedRefusals> refusals;                           // at most 64
  std::unordered_map<FlowKey, std::uint64_t, FlowKeyHash> refused;  // errors by the flow that they quote
  Sightings sightings;
  std::uint64_t frames = 0;
  std::uint64_t tcp_frames = 0;
  std::uint64_t icmp_frames = 0;      // errors and echoes over IPv4
  std::uint64_t icmp6_frames = 0;     // the same over IPv6
  std::uint64_t tcp_cut_off = 0;      // frames of TCP whose header was cut off
  std::uint64_t payload_bytes = 0;    // of TCP, all flows
  std::uint64_t forgotten_flows = 0;  // small ones, for want of memory
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;       // the latest
  std::int64_t goes_back_ns = 0;  // the longest step of the clock back
  std::uint32_t snap_length = 0;  // the longest frame that was cut; 0: none was
};

// Reads everything. Throws Error when the file is damaged.
CaptureSurvey survey_capture(FrameSource& source);

// What a user asks to have judged.
struct FlowChoice {
  std::optional<FlowKey> flow;        // both ports; a port 0 is any
  std::optional<std::uint16_t> port;  // of either side

  bool allows(const FlowKey& key) const;
};

// The flow that was refused most often, or else the one that was sent again most, or the one with most data; nothing
// when there is none. Without data, a flow that errors quote. `also_in`: flows of which the other capture has something
// come first.
std::optional<FlowKey> main_flow(const CaptureSurvey& survey, const FlowChoice& choice = {},
                                 const CaptureSurvey* also_in = nullptr);
// The connections that are judged with it: those to or from the same service.
JudgedFlow judged_with(const FlowKey& flow, const CaptureSurvey& survey);
// A machine that talks to itself: there is no router.
bool is_loopback(const FlowKey& flow);

// What is in the capture of the judged connections.
struct JudgedShare {
  std::uint64_t connections = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t data_frames = 0;
  std::uint64_t forth_packets = 0;
  std::uint64_t back_packets = 0;
};
JudgedShare share_of(const JudgedFlow& judged, const CaptureSurvey& survey);

// What is known of the router without having built it.
struct AssumedRouter {
  std::optional<bool> lro;  // guest LRO of its ingress NIC
  std::optional<std::uint32_t> ingress_mtu;
  std::optional<std::uint32_t> egress_mtu;
};

// What a lab would have been asked for to get these captures.
LegIntent intent_of_captures(const FlowKey& flow, const JudgedFlow& judged, const CaptureSurvey& ingress,
                             const std::string& ingress_name, const std::string& egress_name,
                             const AssumedRouter& router);

// True when the second file is the one before the router: packets lose a hop on their way.
bool is_swapped(const FlowKey& flow, const CaptureSurvey& first, const CaptureSurvey& second);

}  // namespace offlab
