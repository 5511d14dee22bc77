// What is in a capture that somebody else made: its TCP flows, and which of them the router is to be judged by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "measure/flow_table.h"
#include "model/frame.h"
#include "model/leg.h"

namespace offlab {

// One direction of a TCP connection.
struct SurveyedFlow {
  FlowKey flow;
  std::uint64_t payload_bytes = 0;
  std::uint64_t frames = 0;  // with payload
  std::uint8_t hop_limit = 0;
  std::uint32_t longest = 0;  // L3 bytes
};

struct CaptureSurvey {
  FlowTable<SurveyedFlow> flows;
  std::vector<IpAddress> refusers;                                  // who sent "too big" errors
  std::unordered_map<FlowKey, std::uint64_t, FlowKeyHash> refused;  // errors by the flow that they quote
  std::uint32_t advertised_mtu = 0;                                 // the smallest; 0: none
  std::uint64_t frames = 0;
  std::int64_t last_ns = 0;
};

// Reads everything. Throws Error when the file is damaged.
CaptureSurvey survey_capture(FrameSource& source);

// The flow that was refused most often, or else the one with most data; nothing when there is none.
std::optional<FlowKey> main_flow(const CaptureSurvey& survey);

// What is known of the router without having built it.
struct AssumedRouter {
  std::optional<bool> lro;  // guest LRO of its ingress NIC
  std::optional<std::uint32_t> ingress_mtu;
  std::optional<std::uint32_t> egress_mtu;
};

// What a lab would have been asked for to get these captures. `egress`: null without a second file.
LegIntent intent_of_captures(const FlowKey& flow, const CaptureSurvey& ingress, const std::string& ingress_name,
                             const CaptureSurvey* egress, const std::string& egress_name, const AssumedRouter& router);

// True when the second file is the one before the router: packets lose a hop on their way.
bool is_swapped(const FlowKey& flow, const CaptureSurvey& first, const CaptureSurvey& second);

// Frames with the direction that a router's tap has: what the sender sent goes to the guest at its ingress side and
// comes from it at its egress side.
class DirectedFrames : public FrameSource {
 public:
  DirectedFrames(FrameSource& frames, const IpAddress& sender, bool is_ingress)
      : frames_(frames), sender_(sender), is_ingress_(is_ingress) {}
  bool next(Frame& frame) override;

 private:
  FrameSource& frames_;
  IpAddress sender_;
  bool is_ingress_;
};

}  // namespace offlab
