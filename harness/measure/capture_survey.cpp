#include "measure/capture_survey.h"

#include <algorithm>

#include "capture/parsed_frames.h"

namespace offlab {
namespace {

constexpr std::uint32_t ethernet_mtu = 1500;

void add_refusal(CaptureSurvey& survey, const Packet& packet) {
  const IpAddress& from = packet.flow.source;
  if (std::find(survey.refusers.begin(), survey.refusers.end(), from) == survey.refusers.end() &&
      survey.refusers.size() < 64)
    survey.refusers.push_back(from);
  if (packet.too_big->quote >= Quote::ports) ++survey.refused[packet.too_big->quoted_flow];
  const std::uint32_t mtu = packet.too_big->mtu;
  survey.advertised_mtu = survey.advertised_mtu == 0 ? mtu : std::min(survey.advertised_mtu, mtu);
}

struct FetchSurveyed {
  const FlowTable<SurveyedFlow>& flows;

  std::size_t enter(const Packet& packet) const {
    const std::size_t hash = FlowKeyHash()(packet.flow);
    flows.fetch_slot(hash);
    return hash;
  }
  void draw_near(std::size_t hash) const {
    if (const SurveyedFlow* flow = flows.probably(hash)) fetch_memory(flow, sizeof *flow);
  }
  void come_next(std::size_t) const {}
};

}  // namespace

CaptureSurvey survey_capture(FrameSource& source) {
  CaptureSurvey survey;
  ParsedFrames frames(&source, glance_at_packet, FetchSurveyed{survey.flows});
  for (const ParsedFrame* one = frames.current(); one != nullptr; frames.advance(), one = frames.current()) {
    const std::int64_t now = one->frame.time_ns;
    ++survey.frames;
    survey.last_ns = std::max(survey.last_ns, now);
    if (!one->packet) continue;
    const Packet& packet = *one->packet;
    if (packet.too_big) add_refusal(survey, packet);
    if (!packet.tcp || packet.tcp->payload_bytes == 0) continue;
    SurveyedFlow& flow = survey.flows.get(packet.flow);
    flow.payload_bytes += packet.tcp->payload_bytes;
    ++flow.frames;
    flow.hop_limit = packet.hop_limit;
    flow.longest = std::max(flow.longest, packet.length);
  }
  return survey;
}

std::optional<FlowKey> main_flow(const CaptureSurvey& survey) {
  const auto less = [](const auto& a, const auto& b) {
    return a.first < b.first || (a.first == b.first && b.second < a.second);  // of equals the first by its key
  };
  std::pair<std::uint64_t, FlowKey> most;
  for (const auto& [flow, errors] : survey.refused)
    if (const std::pair one(errors, flow); survey.flows.find(flow) != nullptr && less(most, one)) most = one;
  if (most.first > 0) return most.second;
  for (const SurveyedFlow& flow : survey.flows)
    if (const std::pair one(flow.payload_bytes, flow.flow); less(most, one)) most = one;
  return most.first == 0 ? std::nullopt : std::optional(most.second);
}

bool is_swapped(const FlowKey& flow, const CaptureSurvey& first, const CaptureSurvey& second) {
  const SurveyedFlow* one = first.flows.find(flow);
  const SurveyedFlow* other = second.flows.find(flow);
  return one != nullptr && other != nullptr && one->hop_limit < other->hop_limit;
}

LegIntent intent_of_captures(const FlowKey& flow, const CaptureSurvey& ingress, const std::string& ingress_name,
                             const CaptureSurvey* egress, const std::string& egress_name, const AssumedRouter& router) {
  LegIntent intent;
  intent.flow.family = flow.source.family;
  intent.flow.from = "sender";
  intent.flow.to = "receiver";
  intent.source = flow.source;
  intent.destination = flow.destination;
  intent.port = flow.source_port;
  HopIntent hop;
  hop.hop = {"router", ingress_name, egress_name};
  // Nobody says on which side of a NIC the files were made; they are taken for what was on the wire.
  hop.ingress = CapturePoint{ingress_name, hop.hop.router, CaptureSide::host};
  hop.egress = CapturePoint{egress_name, hop.hop.router, CaptureSide::host};
  hop.ingress_mtu = Mtu{router.ingress_mtu.value_or(ethernet_mtu)};
  const std::uint32_t told = ingress.refused.count(flow) != 0 ? ingress.advertised_mtu : 0;
  hop.egress_mtu = Mtu{router.egress_mtu.value_or(told != 0 ? told : ethernet_mtu)};
  hop.ingress_lro = router.lro.value_or(false);
  hop.addresses = ingress.refusers;
  if (egress != nullptr) {
    const SurveyedFlow* in = ingress.flows.find(flow);
    const SurveyedFlow* out = egress->flows.find(flow);
    hop.forwards = in == nullptr || out == nullptr || in->hop_limit != out->hop_limit;
  }
  intent.hops.push_back(std::move(hop));
  return intent;
}

bool DirectedFrames::next(Frame& frame) {
  if (!frames_.next(frame)) return false;
  frame.to_guest = is_from(sender_, frame.bytes) == is_ingress_;
  return true;
}

}  // namespace offlab
