#include "measure/capture_survey.h"

#include <algorithm>

#include "capture/parsed_frames.h"
#include "measure/fetch_connections.h"

namespace offlab {
namespace {

constexpr std::uint32_t ethernet_mtu = 1500;
constexpr std::size_t most_refusals = 64;
constexpr std::size_t most_refused = 1U << 16U;

void widen(SurveyedRefusals& one, std::uint32_t quoted) {
  if (quoted == 0) return;
  one.smallest_quoted = one.smallest_quoted == 0 ? quoted : std::min(one.smallest_quoted, quoted);
  one.largest_quoted = std::max(one.largest_quoted, quoted);
}

void add_refusal(CaptureSurvey& survey, const Packet& packet) {
  const TooBigError& error = *packet.too_big;
  if (error.quote >= Quote::ports && (survey.refused.size() < most_refused || survey.refused.count(error.quoted_flow)))
    ++survey.refused[error.quoted_flow];
  auto known = std::find_if(survey.refusals.begin(), survey.refusals.end(), [&](const SurveyedRefusals& one) {
    return one.from == packet.flow.source && one.to == packet.flow.destination && one.mtu == error.mtu;
  });
  if (known == survey.refusals.end()) {
    if (survey.refusals.size() == most_refusals) return;
    known = survey.refusals.insert(known, {packet.flow.source, packet.flow.destination, error.mtu});
  }
  ++known->count;
  if (error.quote != Quote::sequence) ++known->unquoted;
  widen(*known, error.quoted_length);
}

// Half of them are kept, those with most data. A flow that carries much is never among the others for long.
void forget_small_flows(CaptureSurvey& survey) {
  std::vector<std::uint64_t> sizes;
  sizes.reserve(survey.flows.size());
  for (const SurveyedFlow& flow : survey.flows) sizes.push_back(flow.payload_bytes);
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  const std::uint64_t least = *middle + 1;
  FlowTable<SurveyedFlow> kept;
  for (const SurveyedFlow& flow : survey.flows)
    if (flow.payload_bytes >= least || survey.refused.count(flow.flow) != 0) kept.get(flow.flow) = flow;
  survey.forgotten_flows += survey.flows.size() - kept.size();
  survey.flows = std::move(kept);
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

void see_time(CaptureSurvey& survey, std::int64_t now_ns) {
  if (survey.frames == 0) survey.first_ns = survey.last_ns = now_ns;
  ++survey.frames;
  survey.goes_back_ns = std::max(survey.goes_back_ns, survey.last_ns - now_ns);
  survey.first_ns = std::min(survey.first_ns, now_ns);
  survey.last_ns = std::max(survey.last_ns, now_ns);
}

void see_tcp(CaptureSurvey& survey, const Packet& packet) {
  ++survey.tcp_frames;
  SurveyedFlow& flow = survey.flows.get(packet.flow);
  ++flow.packets;
  flow.hop_limit = packet.hop_limit;
  if (packet.tcp->payload_bytes == 0) return;
  survey.payload_bytes += packet.tcp->payload_bytes;
  flow.payload_bytes += packet.tcp->payload_bytes;
  const std::uint32_t end = packet.tcp->sequence + packet.tcp->payload_bytes;
  if (flow.frames == 0 || static_cast<std::int32_t>(end - flow.furthest) > 0)
    flow.furthest = end;
  else
    ++flow.again;
  ++flow.frames;
}

}  // namespace

CaptureSurvey survey_capture(FrameSource& source) {
  CaptureSurvey survey;
  ParsedFrames frames(&source, glance_at_packet, FetchSurveyed{survey.flows});
  for (const ParsedFrame* one = frames.current(); one != nullptr; frames.advance(), one = frames.current()) {
    see_time(survey, one->frame.time_ns);
    // Frames are shorter than they were on the link also for what offlab itself cuts off.
    if (one->kept_bytes < one->frame.length) survey.snap_length = std::max(survey.snap_length, one->kept_bytes);
    if (!one->packet) continue;
    if (one->packet->too_big) add_refusal(survey, *one->packet);
    if (one->packet->icmp)
      ++(one->packet->flow.source.family == Family::ipv6 ? survey.icmp6_frames : survey.icmp_frames);
    if (one->packet->tcp_cut_off) ++survey.tcp_cut_off;
    if (!one->packet->tcp) continue;
    see_tcp(survey, *one->packet);
    survey.sightings.see(one->frame, *one->packet, one->flow_hash);
    if (survey.flows.size() > CaptureSurvey::most_flows) forget_small_flows(survey);
  }
  return survey;
}

bool is_loopback(const FlowKey& flow) {
  const auto is_own = [](const IpAddress& address) {
    if (address.family == Family::ipv4) return address.bytes[0] == 127;
    return std::all_of(address.bytes.begin(), address.bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; }) &&
           address.bytes.back() == 1;
  };
  return flow.source == flow.destination || is_own(flow.source) || is_own(flow.destination);
}

bool FlowChoice::allows(const FlowKey& key) const {
  if (port && key.source_port != *port && key.destination_port != *port) return false;
  if (!flow) return true;
  const auto same_port = [](std::uint16_t wanted, std::uint16_t one) { return wanted == 0 || wanted == one; };
  return flow->source == key.source && flow->destination == key.destination &&
         same_port(flow->source_port, key.source_port) && same_port(flow->destination_port, key.destination_port);
}

namespace {

// A number for each flow; of equals the first by its key. Nothing when all numbers are zero.
class Most {
 public:
  void see(std::uint64_t number, const FlowKey& flow) {
    if (number > most_.first || (number > 0 && number == most_.first && flow < most_.second)) most_ = {number, flow};
  }
  std::optional<FlowKey> flow() const { return most_.first == 0 ? std::nullopt : std::optional(most_.second); }

 private:
  std::pair<std::uint64_t, FlowKey> most_;
};

std::optional<FlowKey> best_flow(const CaptureSurvey& survey, const FlowChoice& choice, const CaptureSurvey* also_in) {
  const auto is_allowed = [&](const FlowKey& flow) {
    return choice.allows(flow) && (also_in == nullptr || also_in->flows.find(flow) != nullptr ||
                                   also_in->flows.find(reversed(flow)) != nullptr);
  };
  Most refused;
  Most quoted;  // there is no data of it
  for (const auto& [flow, errors] : survey.refused)
    if (is_allowed(flow)) (survey.flows.find(flow) != nullptr ? refused : quoted).see(errors, flow);
  if (refused.flow()) return refused.flow();
  // Its sender's other direction is there: only what was refused is not.
  if (quoted.flow() && survey.flows.find(reversed(*quoted.flow())) != nullptr) return quoted.flow();
  Most troubled;
  for (const SurveyedFlow& flow : survey.flows)
    if (flow.is_troubled() && !is_loopback(flow.flow) && is_allowed(flow.flow)) troubled.see(flow.again, flow.flow);
  if (troubled.flow()) return troubled.flow();
  Most on_network;
  Most within_machine;
  for (const SurveyedFlow& flow : survey.flows)
    if (is_allowed(flow.flow))
      (is_loopback(flow.flow) ? within_machine : on_network).see(flow.payload_bytes, flow.flow);
  if (on_network.flow()) return on_network.flow();
  return within_machine.flow() ? within_machine.flow() : quoted.flow();
}

}  // namespace

std::optional<FlowKey> main_flow(const CaptureSurvey& survey, const FlowChoice& choice, const CaptureSurvey* also_in) {
  if (also_in != nullptr)
    if (const auto flow = best_flow(survey, choice, also_in)) return flow;
  return best_flow(survey, choice, nullptr);
}

JudgedFlow judged_with(const FlowKey& flow, const CaptureSurvey& survey) {
  const JudgedFlow from{flow.source, flow.destination, flow.source_port, false};
  const JudgedFlow to{flow.source, flow.destination, flow.destination_port, true};
  std::uint64_t same_from = 0;
  std::uint64_t same_to = 0;
  const auto count = [&](const FlowKey& one) {
    if (from.is_forth(one)) ++same_from;
    if (to.is_forth(one)) ++same_to;
  };
  for (const SurveyedFlow& one : survey.flows)
    if (one.payload_bytes > 0) count(one.flow);
  return same_to > same_from ? to : from;
}

JudgedShare share_of(const JudgedFlow& judged, const CaptureSurvey& survey) {
  JudgedShare share;
  for (const SurveyedFlow& one : survey.flows) {
    if (judged.is_forth(one.flow)) {
      ++share.connections;
      share.payload_bytes += one.payload_bytes;
      share.data_frames += one.frames;
      share.forth_packets += one.packets;
    } else if (judged.is_back(one.flow)) {
      share.back_packets += one.packets;
    }
  }
  return share;
}

bool is_swapped(const FlowKey& flow, const CaptureSurvey& first, const CaptureSurvey& second) {
  const SurveyedFlow* one = first.flows.find(flow);
  const SurveyedFlow* other = second.flows.find(flow);
  return one != nullptr && other != nullptr && one->hop_limit < other->hop_limit;
}

LegIntent intent_of_captures(const FlowKey& flow, const JudgedFlow& judged, const CaptureSurvey& ingress,
                             const std::string& ingress_name, const std::string& egress_name,
                             const AssumedRouter& router) {
  LegIntent intent;
  intent.flow.family = flow.source.family;
  intent.flow.from = "sender";
  intent.flow.to = "receiver";
  intent.source = flow.source;
  intent.destination = flow.destination;
  intent.port = judged.port;
  intent.flow.sender_connects = judged.of_receiver;
  HopIntent hop;
  hop.hop = {"router", ingress_name, egress_name};
  // Nobody says on which side of a NIC the files were made; they are taken for what was on the wire.
  hop.ingress = CapturePoint{ingress_name, hop.hop.router, CaptureSide::host};
  hop.egress = CapturePoint{egress_name, hop.hop.router, CaptureSide::host};
  hop.ingress_mtu = Mtu{router.ingress_mtu.value_or(ethernet_mtu)};
  std::uint32_t told = 0;
  const bool is_refused = std::any_of(ingress.refused.begin(), ingress.refused.end(),
                                      [&](const auto& one) { return judged.is_forth(one.first); });
  for (const SurveyedRefusals& one : ingress.refusals) {
    if (std::find(hop.addresses.begin(), hop.addresses.end(), one.from) == hop.addresses.end())
      hop.addresses.push_back(one.from);
    if (is_refused && one.to == flow.source && one.mtu != 0) told = told == 0 ? one.mtu : std::min(told, one.mtu);
  }
  hop.egress_mtu = Mtu{router.egress_mtu.value_or(told != 0 ? told : ethernet_mtu)};
  hop.ingress_lro = router.lro.value_or(false);
  intent.hops.push_back(std::move(hop));
  return intent;
}

}  // namespace offlab
