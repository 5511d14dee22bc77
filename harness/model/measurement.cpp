#include "model/measurement.h"

#include <algorithm>

namespace offlab {

const std::vector<EvidenceFrame>& evidence_of(const CaptureMeasurements& seen, const std::string& invariant) {
  static const std::vector<EvidenceFrame> none;
  const auto found = seen.evidence.find(invariant);
  return found == seen.evidence.end() ? none : found->second;
}

std::optional<double> amplification(const LegMeasurements& leg) {
  if (!leg.capture || leg.capture->acked_bytes == 0) return std::nullopt;
  if (leg.capture->unacked_tail_bytes > leg.capture->data_payload_bytes) return std::nullopt;
  const std::uint64_t crossed = leg.capture->data_payload_bytes - leg.capture->unacked_tail_bytes;
  return static_cast<double>(crossed) / static_cast<double>(leg.capture->acked_bytes);
}

std::optional<double> retransmit_ratio(const LegMeasurements& leg) {
  if (!leg.retransmitted_segments || leg.sent_segments.value_or(0) == 0) return std::nullopt;
  return static_cast<double>(*leg.retransmitted_segments) / static_cast<double>(*leg.sent_segments);
}

std::optional<double> wasted_share(const LegMeasurements& leg) {
  if (!leg.capture || leg.capture->data_payload_bytes == 0) return std::nullopt;
  const auto useful = static_cast<double>(leg.capture->acked_bytes + leg.capture->unacked_tail_bytes);
  return std::max(0.0, 1 - useful / static_cast<double>(leg.capture->data_payload_bytes));
}

}  // namespace offlab
