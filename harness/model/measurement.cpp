#include "model/measurement.h"

#include <algorithm>

namespace offlab {
namespace {

// Payload bytes that crossed the uplink and had the time to be acknowledged. Packets that path MTU discovery had to
// spend are not among them.
std::optional<double> crossed_bytes(const LegMeasurements& leg) {
  if (!leg.capture || leg.capture->data_payload_bytes == 0) return std::nullopt;
  const CaptureMeasurements& seen = *leg.capture;
  if (seen.unacked_tail_bytes > seen.data_payload_bytes) return std::nullopt;
  const std::uint64_t crossed = seen.data_payload_bytes - seen.unacked_tail_bytes;
  const std::uint64_t twice = crossed - std::min(crossed, seen.acked_bytes);
  return static_cast<double>(crossed - std::min(twice, seen.honestly_refused_bytes));
}

std::optional<double> wasted_bytes(const LegMeasurements& leg) {
  const auto crossed = crossed_bytes(leg);
  if (!crossed) return std::nullopt;
  return std::max(0.0, *crossed - static_cast<double>(leg.capture->acked_bytes));
}

}  // namespace

std::string to_string(const SettingPlace& place) {
  const auto* nic = std::get_if<NicRef>(&place);
  return nic != nullptr ? to_string(*nic) : std::get<std::string>(place);
}

const std::vector<EvidenceFrame>& evidence_of(const CaptureMeasurements& seen, Invariant invariant) {
  static const std::vector<EvidenceFrame> none;
  const auto found = seen.evidence.find(invariant);
  return found == seen.evidence.end() ? none : found->second;
}

std::optional<double> amplification(const LegMeasurements& leg) {
  const auto crossed = crossed_bytes(leg);
  if (!crossed || leg.capture->acked_bytes == 0) return std::nullopt;
  return *crossed / static_cast<double>(leg.capture->acked_bytes);
}

std::optional<double> retransmit_ratio(const LegMeasurements& leg) {
  if (!leg.retransmitted_segments || leg.sent_segments.value_or(0) == 0) return std::nullopt;
  return static_cast<double>(*leg.retransmitted_segments) / static_cast<double>(*leg.sent_segments);
}

std::optional<double> wasted_share(const LegMeasurements& leg) {
  const auto wasted = wasted_bytes(leg);
  if (!wasted) return std::nullopt;
  return *wasted == 0 ? 0 : *wasted / *crossed_bytes(leg);
}

std::optional<double> wasted_bps(const LegMeasurements& leg) {
  const auto wasted = wasted_bytes(leg);
  if (!wasted || leg.capture->seconds <= 0) return std::nullopt;
  return *wasted * 8 / leg.capture->seconds;
}

RateSeries goodput_series(const std::vector<IntervalGoodput>& intervals) {
  RateSeries series;
  for (const IntervalGoodput& interval : intervals)
    if (!interval.warmup) series.push_back({interval.seconds, interval.bits_per_second});
  return series;
}

std::optional<double> uplink_share(const LegMeasurements& leg) {
  if (!leg.uplink_bps || !leg.uplink_limit_bps || *leg.uplink_limit_bps <= 0) return std::nullopt;
  return *leg.uplink_bps / *leg.uplink_limit_bps;
}

std::optional<RateRatio> goodput_ratio(const LegMeasurements& leg, const LegMeasurements& control) {
  const auto transfers = [](const LegMeasurements& one) {
    std::vector<RateSeries> all = {goodput_series(one.intervals)};
    for (const auto& intervals : one.other_rounds) all.push_back(goodput_series(intervals));
    return all;
  };
  return rate_ratio(transfers(leg), transfers(control));
}

std::optional<double> cpu_seconds_per_gbit(const LegMeasurements& leg) {
  double bits = 0;
  for (const IntervalGoodput& interval : leg.intervals) bits += interval.bits_per_second * interval.seconds;
  if (!leg.device_cpu_seconds || bits <= 0) return std::nullopt;
  return *leg.device_cpu_seconds / (bits / 1e9);
}

std::string_view to_string(DropKind kind) {
  switch (kind) {
    case DropKind::receive_queue:
      return "receive-queue";
    case DropKind::queue:
      return "queue";
    case DropKind::policer:
      return "policer";
    case DropKind::rule:
      return "rule";
    case DropKind::table:
      return "table";
    case DropKind::kernel:
      return "kernel";
  }
  return "?";
}

std::optional<DropKind> parse_drop_kind(std::string_view text) {
  for (const DropKind kind :
       {DropKind::receive_queue, DropKind::queue, DropKind::policer, DropKind::rule, DropKind::table, DropKind::kernel})
    if (to_string(kind) == text) return kind;
  return std::nullopt;
}

}  // namespace offlab
