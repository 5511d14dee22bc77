#include "record/measurements_json.h"

#include "base/error.h"

namespace offlab {
namespace {

using json = OrderedJson;

template <typename Owner, typename Value>
struct Field {
  const char* key;
  Value Owner::*member;
};

constexpr Field<LegMeasurements, std::optional<double>> numbers[] = {
    {"goodput_bps", &LegMeasurements::goodput_bps},
    {"uplink_bps", &LegMeasurements::uplink_bps},
    {"device_cpu_seconds", &LegMeasurements::device_cpu_seconds},
};

constexpr Field<LegMeasurements, Count> counts[] = {
    {"frag_needed_router", &LegMeasurements::frag_needed_router},
    {"frag_needed_sender", &LegMeasurements::frag_needed_sender},
    {"frag_fails", &LegMeasurements::frag_fails},
    {"frag_oks", &LegMeasurements::frag_oks},
    {"frag_creates", &LegMeasurements::frag_creates},
    {"reassembly_requests", &LegMeasurements::reassembly_requests},
    {"dropped_by_receiver", &LegMeasurements::dropped_by_receiver},
    {"sent_segments", &LegMeasurements::sent_segments},
    {"retransmitted_segments", &LegMeasurements::retransmitted_segments},
};

constexpr Field<CaptureMeasurements, std::uint64_t> capture_counts[] = {
    {"frag_needed_wire", &CaptureMeasurements::frag_needed},
    {"bogus_frag_needed", &CaptureMeasurements::bogus},
    {"superframes", &CaptureMeasurements::superframes},
    {"data_frames", &CaptureMeasurements::data_frames},
    {"smallest_refused_bytes", &CaptureMeasurements::smallest_quoted_length},
    {"largest_refused_bytes", &CaptureMeasurements::largest_quoted_length},
    {"advertised_mtu", &CaptureMeasurements::largest_advertised_mtu},
    {"data_payload_bytes", &CaptureMeasurements::data_payload_bytes},
    {"acked_bytes", &CaptureMeasurements::acked_bytes},
    {"acknowledgements", &CaptureMeasurements::acknowledgements},
    {"unacked_tail_bytes", &CaptureMeasurements::unacked_tail_bytes},
    {"egress_tunneled", &CaptureMeasurements::egress_tunneled},
    {"honestly_refused_bytes", &CaptureMeasurements::honestly_refused_bytes},
};

constexpr Field<ForwardingMeasurements, std::uint64_t> forwarding_counts[] = {
    {"compared", &ForwardingMeasurements::compared},
    {"lost_bytes", &ForwardingMeasurements::lost_bytes},
    {"longest_packet", &ForwardingMeasurements::longest_packet},
    {"above_mss", &ForwardingMeasurements::above_segment},
    {"cut_elsewhere", &ForwardingMeasurements::cut_elsewhere},
    {"changed_headers", &ForwardingMeasurements::changed_headers},
    {"duplicates", &ForwardingMeasurements::duplicates},
    {"late", &ForwardingMeasurements::late_out},
};

constexpr Field<HandshakeMeasurements, std::uint64_t> handshake_counts[] = {
    {"requests_in", &HandshakeMeasurements::requests_in},
    {"requests_out", &HandshakeMeasurements::requests_out},
    {"answers_in", &HandshakeMeasurements::answers_in},
    {"answers_out", &HandshakeMeasurements::answers_out},
    {"requests_lost", &HandshakeMeasurements::requests_lost},
    {"answers_lost", &HandshakeMeasurements::answers_lost},
    {"changed_options", &HandshakeMeasurements::changed_options},
    {"resets_in", &HandshakeMeasurements::resets_in},
    {"resets_made", &HandshakeMeasurements::resets_made},
    {"reset_after_bytes", &HandshakeMeasurements::reset_after_bytes},
};

constexpr Field<BackgroundMeasurement, std::uint64_t> background_counts[] = {
    {"connections", &BackgroundMeasurement::connections},
    {"written_bytes", &BackgroundMeasurement::written_bytes},
    {"sent_bytes", &BackgroundMeasurement::sent_bytes},
    {"acknowledged_bytes", &BackgroundMeasurement::acknowledged_bytes},
    {"answered_errors", &BackgroundMeasurement::errors},
    {"timeouts", &BackgroundMeasurement::timeouts},
};

constexpr const char* of_superframes = "superframes";  // in the place of a length

template <typename Number>
std::optional<Number> number_of(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<Number>());
}

json series_to_json(const std::vector<IntervalGoodput>& intervals) {
  json list = json::array();
  for (const IntervalGoodput& interval : intervals)
    list.push_back({{"start", interval.start_seconds},
                    {"seconds", interval.seconds},
                    {"goodput_bps", interval.bits_per_second},
                    {"warmup", interval.warmup}});
  return list;
}

std::vector<IntervalGoodput> series_from_json(const json& list) {
  std::vector<IntervalGoodput> series;
  for (const json& one : list)
    series.push_back({one.at("start").get<double>(), one.at("seconds").get<double>(),
                      one.at("goodput_bps").get<double>(), one.at("warmup").get<bool>()});
  return series;
}

json forwarding_to_json(const CaptureMeasurements& capture) {
  const ForwardingMeasurements& seen = capture.forwarding;
  json object;
  for (const auto& [key, member] : forwarding_counts) object[key] = seen.*member;
  json sizes = json::array();
  for (const Passage& passage : seen.passages)
    sizes.push_back({{"longest_bytes", passage.longest == 0 ? json(of_superframes) : json(passage.longest)},
                     {"sent", passage.sent},
                     {"lost", passage.lost}});
  object["sizes"] = sizes;
  object["in_bursts"] = {{"sent", seen.in_bursts.sent}, {"lost", seen.in_bursts.lost}};
  object["announced_mss"] = or_null(seen.announced_segment);
  object["longest_stall_seconds"] = capture.longest_stall_seconds;
  return object;
}

void forwarding_from_json(const json& object, CaptureMeasurements& capture) {
  ForwardingMeasurements& seen = capture.forwarding;
  for (const auto& [key, member] : forwarding_counts) seen.*member = object.at(key).get<std::uint64_t>();
  for (const json& size : object.at("sizes")) {
    const json& longest = size.at("longest_bytes");
    seen.passages.push_back({longest == of_superframes ? 0 : longest.get<std::uint32_t>(),
                             size.at("sent").get<std::uint64_t>(), size.at("lost").get<std::uint64_t>()});
  }
  if (object.contains("in_bursts"))
    seen.in_bursts = {0, object.at("in_bursts").at("sent").get<std::uint64_t>(),
                      object.at("in_bursts").at("lost").get<std::uint64_t>()};
  seen.announced_segment = number_of<std::uint64_t>(object.at("announced_mss"));
  capture.longest_stall_seconds = object.at("longest_stall_seconds").get<double>();
}

CaptureMeasurements capture_from_json(const json& object) {
  CaptureMeasurements capture;
  for (const auto& [key, member] : capture_counts)
    if (object.contains(key) && !object.at(key).is_null()) capture.*member = object.at(key).get<std::uint64_t>();
  forwarding_from_json(object.at("forwarding"), capture);
  capture.seconds = object.value("capture_seconds", 0.0);
  return capture;
}

json handshakes_to_json(const HandshakeMeasurements& seen) {
  json object;
  for (const auto& [key, member] : handshake_counts) object[key] = seen.*member;
  return object;
}

HandshakeMeasurements handshakes_from_json(const json& object) {
  HandshakeMeasurements seen;
  for (const auto& [key, member] : handshake_counts) seen.*member = object.at(key).get<std::uint64_t>();
  return seen;
}

json drops_to_json(const std::vector<DropCounter>& drops) {
  json list = json::array();
  for (const DropCounter& one : drops)
    list.push_back({{"what", one.what},
                    {"packets", one.packets},
                    {"kind", to_string(one.kind)},
                    {"rate_bps", or_null(one.rate_bps)}});
  return list;
}

std::vector<DropCounter> drops_from_json(const json& list) {
  std::vector<DropCounter> drops;
  for (const json& one : list)
    drops.push_back({one.at("what").get<std::string>(), one.at("packets").get<std::uint64_t>(),
                     parse_drop_kind(one.at("kind").get<std::string>()).value_or(DropKind::kernel),
                     number_of<double>(one.at("rate_bps"))});
  return drops;
}

json background_to_json(const BackgroundMeasurement& background) {
  json object;
  for (const auto& [key, member] : background_counts) object[key] = background.*member;
  object["seconds"] = background.seconds;
  if (background.sender == BackgroundSender::bsd) return object;
  object["sender"] = to_string(background.sender);
  object["opposite"] = background.opposite;
  object["retransmits"] = background.retransmits;
  object["datagrams"] = background.datagrams;
  object["lost_datagrams"] = background.lost_datagrams;
  return object;
}

BackgroundMeasurement background_from_json(const json& object) {
  BackgroundMeasurement background;
  for (const auto& [key, member] : background_counts) background.*member = object.at(key).get<std::uint64_t>();
  background.seconds = object.at("seconds").get<double>();
  if (!object.contains("sender")) return background;
  const auto sender = parse_background_sender(object.at("sender").get<std::string>());
  if (!sender) throw Error("unknown background sender");
  background.sender = *sender;
  background.opposite = object.at("opposite").get<bool>();
  background.retransmits = object.at("retransmits").get<std::uint64_t>();
  background.datagrams = object.at("datagrams").get<std::uint64_t>();
  background.lost_datagrams = object.at("lost_datagrams").get<std::uint64_t>();
  return background;
}

TransferEnd end_from_json(const json& value) {
  const auto end = value.is_null() ? std::nullopt : parse_transfer_end(value.get<std::string>());
  return end.value_or(TransferEnd::full_time);
}

}  // namespace

json measurements_to_json(const LegMeasurements& leg) {
  json object;
  for (const auto& [key, member] : numbers) object[key] = or_null(leg.*member);
  object["amplification"] = or_null(amplification(leg));
  object["wasted_share"] = or_null(wasted_share(leg));
  object["wasted_bps"] = or_null(wasted_bps(leg));
  object["retransmit_ratio"] = or_null(retransmit_ratio(leg));
  object["device_cpu_seconds_per_gbit"] = or_null(cpu_seconds_per_gbit(leg));
  for (const auto& [key, member] : counts) object[key] = or_null(leg.*member);
  for (const auto& [key, member] : capture_counts) object[key] = leg.capture ? json((*leg.capture).*member) : json();
  object["capture_seconds"] = leg.capture ? json(leg.capture->seconds) : json();
  object["wire_packets"] = leg.wire ? json(leg.wire->data_packets) : json();
  object["largest_wire_packet"] = leg.wire ? json(leg.wire->longest_packet) : json();
  object["forwarding"] = leg.capture ? forwarding_to_json(*leg.capture) : json();
  object["handshakes"] = leg.capture ? handshakes_to_json(leg.capture->handshakes) : json();
  object["drops"] = drops_to_json(leg.drops);
  object["transfer_end"] = leg.traffic_seconds > 0 ? json(to_string(leg.transfer_end)) : json();
  object["traffic_seconds"] = leg.traffic_seconds > 0 ? json(leg.traffic_seconds) : json();
  object["nic_errors"] = leg.nic_errors;
  object["capture_drops"] = leg.capture_drops;
  object["intervals"] = series_to_json(leg.intervals);
  for (const auto& round : leg.other_rounds) object["other_rounds"].push_back(series_to_json(round));
  if (leg.uplink_limit_bps) {
    object["uplink_limit_bps"] = *leg.uplink_limit_bps;
    object["uplink_share"] = or_null(uplink_share(leg));
  }
  if (leg.background) object["background"] = background_to_json(*leg.background);
  return object;
}

LegMeasurements measurements_from_json(const json& object) {
  LegMeasurements leg;
  for (const auto& [key, member] : numbers)
    if (object.contains(key)) leg.*member = number_of<double>(object.at(key));
  for (const auto& [key, member] : counts)
    if (object.contains(key)) leg.*member = number_of<std::uint64_t>(object.at(key));
  if (!object.at("forwarding").is_null()) leg.capture = capture_from_json(object);
  if (leg.capture && object.contains("handshakes"))
    leg.capture->handshakes = handshakes_from_json(object.at("handshakes"));
  if (object.contains("drops")) leg.drops = drops_from_json(object.at("drops"));
  if (!object.at("wire_packets").is_null())
    leg.wire = {object.at("wire_packets").get<std::uint64_t>(), object.at("largest_wire_packet").get<std::uint64_t>()};
  leg.transfer_end = end_from_json(object.at("transfer_end"));
  leg.traffic_seconds = number_of<double>(object.at("traffic_seconds")).value_or(0);
  leg.nic_errors = object.at("nic_errors").get<std::vector<std::string>>();
  leg.capture_drops = object.at("capture_drops").get<std::uint64_t>();
  leg.intervals = series_from_json(object.at("intervals"));
  if (object.contains("other_rounds"))
    for (const json& round : object.at("other_rounds")) leg.other_rounds.push_back(series_from_json(round));
  if (object.contains("uplink_limit_bps")) leg.uplink_limit_bps = object.at("uplink_limit_bps").get<double>();
  if (object.contains("background")) leg.background = background_from_json(object.at("background"));
  return leg;
}

}  // namespace offlab
