// Series of nights: where their level changed, and how often a case answers differently to the same question.
#pragma once

#include <string>
#include <vector>

#include "base/distributions.h"
#include "campaign/change_points.h"
#include "model/history.h"

namespace offlab {

// One case of one part on one host: ln(goodput / control of the same night), one figure a night.
struct Series {
  HistoryHost host;
  std::string part;
  std::string case_id;
  std::vector<std::string> nights;
  std::vector<double> ratios;
  bool operator==(const Series&) const = default;
};

// A shorter series says nothing of its level.
inline constexpr std::size_t fewest_nights = 12;

// Nights without a figure are not in a series. In the order of their first night.
std::vector<Series> series_of(const std::vector<HistoryRow>& rows);

// The changes of level that deserve an alarm after the series' last night. None before there are twelve nights; the
// last hundred are looked at. A change has three nights behind it, or is larger than 20 %, and thirty nights at most.
std::vector<ChangePoint> alarming_changes(const std::vector<double>& ratios);

struct FlakeRate {
  unsigned attempts = 0;
  unsigned flakes = 0;  // other class than most attempts with the same inputs
  RateInterval rate = {};
  bool operator==(const FlakeRate&) const = default;
};

// Of the last 200 attempts at the case on the host that were judged. Same inputs: case, topology file, image and
// version of offlab.
FlakeRate flake_rate(const std::vector<HistoryRow>& rows, const HistoryHost& host, const std::string& part,
                     const std::string& case_id);

// A case whose rate is above that for certain is a candidate for the quarantine file.
inline constexpr double too_flaky = 0.02;

}  // namespace offlab
