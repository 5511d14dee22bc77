#include "measure/capture_survey.h"

#include <algorithm>

namespace offlab {
namespace {

constexpr std::uint32_t ethernet_mtu = 1500;

template <typename Map, typename Weight>
std::optional<FlowKey> heaviest(const Map& flows, Weight weight) {
  const auto found = std::max_element(flows.begin(), flows.end(), [&](const auto& a, const auto& b) {
    return std::pair(weight(a.second), b.first) < std::pair(weight(b.second), a.first);
  });
  if (found == flows.end() || weight(found->second) == 0) return std::nullopt;
  return found->first;
}

bool is_from(const IpAddress& sender, std::span<const std::uint8_t> bytes) {
  constexpr std::size_t source_in_ipv4 = 14 + 12;
  if (sender.family == Family::ipv4 && bytes.size() >= source_in_ipv4 + 4 && bytes[12] == 0x08 && bytes[13] == 0x00)
    return std::equal(bytes.begin() + source_in_ipv4, bytes.begin() + source_in_ipv4 + 4, sender.bytes.begin());
  const auto packet = glance_at_packet(bytes);
  return packet && packet->flow.source == sender;
}

void add_refusal(CaptureSurvey& survey, const Packet& packet) {
  const IpAddress& from = packet.flow.source;
  if (std::find(survey.refusers.begin(), survey.refusers.end(), from) == survey.refusers.end() &&
      survey.refusers.size() < 64)
    survey.refusers.push_back(from);
  ++survey.refused[packet.too_big->quoted_flow];
  const std::uint32_t mtu = packet.too_big->mtu;
  survey.advertised_mtu = survey.advertised_mtu == 0 ? mtu : std::min(survey.advertised_mtu, mtu);
}

}  // namespace

CaptureSurvey survey_capture(FrameSource& frames) {
  CaptureSurvey survey;
  Frame frame;
  std::pair<const FlowKey, SurveyedFlow>* latest = nullptr;  // most frames are of the flow before them
  while (frames.next(frame)) {
    if (survey.frames++ == 0) survey.first_ns = frame.time_ns;
    survey.last_ns = std::max(survey.last_ns, frame.time_ns);
    const auto packet = glance_at_packet(frame.bytes);
    if (!packet) continue;
    if (packet->too_big) add_refusal(survey, *packet);
    if (!packet->tcp || packet->tcp->payload_bytes == 0) continue;
    if (latest == nullptr || latest->first != packet->flow) latest = &*survey.flows.try_emplace(packet->flow).first;
    SurveyedFlow& flow = latest->second;
    flow.payload_bytes += packet->tcp->payload_bytes;
    ++flow.frames;
    flow.hop_limit = packet->hop_limit;
    flow.longest = std::max(flow.longest, packet->length);
  }
  return survey;
}

std::optional<FlowKey> main_flow(const CaptureSurvey& survey) {
  const auto refused = heaviest(survey.refused, [](std::uint64_t errors) { return errors; });
  if (refused && survey.flows.count(*refused) != 0) return refused;
  return heaviest(survey.flows, [](const SurveyedFlow& flow) { return flow.payload_bytes; });
}

bool is_swapped(const FlowKey& flow, const CaptureSurvey& first, const CaptureSurvey& second) {
  const auto one = first.flows.find(flow);
  const auto other = second.flows.find(flow);
  return one != first.flows.end() && other != second.flows.end() && one->second.hop_limit < other->second.hop_limit;
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
  hop.ingress_tap = ingress_name;
  hop.egress_tap = egress_name;
  hop.ingress_mtu = Mtu{router.ingress_mtu.value_or(ethernet_mtu)};
  const std::uint32_t told = ingress.refused.count(flow) != 0 ? ingress.advertised_mtu : 0;
  hop.egress_mtu = Mtu{router.egress_mtu.value_or(told != 0 ? told : ethernet_mtu)};
  hop.ingress_lro = router.lro.value_or(false);
  hop.addresses = ingress.refusers;
  if (egress != nullptr) {
    const auto in = ingress.flows.find(flow);
    const auto out = egress->flows.find(flow);
    hop.forwards =
        in == ingress.flows.end() || out == egress->flows.end() || in->second.hop_limit != out->second.hop_limit;
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
