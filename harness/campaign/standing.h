// Which results of a night count.
#pragma once

#include <string>
#include <vector>

#include "model/night_report.h"

namespace offlab {

struct StandingOf {
  Standing standing = Standing::gates;
  std::string note = {};
  bool operator==(const StandingOf&) const = default;
};

// `earlier`: rows of earlier nights, of any case and host. `tonight`: the case's row. `today`: "2026-11-29".
StandingOf standing_of(const HistoryRow& tonight, bool experimental, const std::vector<HistoryRow>& earlier,
                       const std::vector<QuarantineEntry>& quarantine, const std::string& today);

// Did the case pass the last time it was judged on this host, whatever it ran on then?
bool passed_last(const HistoryRow& tonight, const std::vector<HistoryRow>& earlier);

// What is wrong with a quarantine file on that day: entries that last too long, or are too many for a campaign of so
// many cases.
std::vector<std::string> quarantine_mistakes(const std::vector<QuarantineEntry>& entries, std::size_t cases,
                                             const std::string& today);

}  // namespace offlab
