// iperf3's JSON of the receiving side. Tested with iperf3 3.12.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/measurement.h"

namespace offlab {

struct Iperf3Result {
  std::vector<IntervalGoodput> intervals;
  std::string failure;  // iperf3's own error, or what is wrong with its output; empty when it ran to its end
};

// Intervals that start before `warmup_seconds` are marked.
Iperf3Result parse_iperf3(const std::string& json_text, double warmup_seconds);

// Bytes over time of the intervals after the warm-up; nothing when there are none.
std::optional<double> goodput_of(const std::vector<IntervalGoodput>& intervals);

}  // namespace offlab
