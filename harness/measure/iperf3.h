// iperf3's JSON of the receiving side. Tested with iperf3 3.12.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/leg.h"
#include "model/measurement.h"
#include "model/observation.h"

namespace offlab {

struct Iperf3Result {
  std::vector<IntervalGoodput> intervals;
  std::string failure;       // iperf3's own error, or what is wrong with its output; empty when it ran to its end
  bool ended_early = false;  // by a signal of ours; what it saw until then is there
};

// Intervals that start before `warmup_seconds` are marked.
Iperf3Result parse_iperf3(const std::string& json_text, double warmup_seconds);

// The report of a transfer that we may have ended: iperf3 calls that an error and exits with 1. One that was ended
// because it is broken has no warm-up: what it carried is what there is.
Iperf3Result read_iperf3(const LegIntent& intent, const TransferOutput& transfer);

// Bytes over time of the intervals after the warm-up; nothing when there are none.
std::optional<double> goodput_of(const std::vector<IntervalGoodput>& intervals);

// What one end counted of a whole run, whether that came to its end or was ended.
struct Iperf3Totals {
  double seconds = 0;
  std::uint64_t sent_bytes = 0;      // of the end that sends, as the next one
  std::uint64_t retransmits = 0;     // of TCP
  std::uint64_t received_bytes = 0;  // of the end that receives, as the next two
  std::uint64_t datagrams = 0;       // by their numbers
  std::uint64_t lost_datagrams = 0;
  bool was_ended = false;
  bool operator==(const Iperf3Totals&) const = default;
};

// Throws Error when there is no report, or one of a failure.
Iperf3Totals read_iperf3_totals(const std::string& text);

}  // namespace offlab
