#include "campaign/standing.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/calendar.h"

namespace offlab {
namespace {

constexpr unsigned passes_to_gate = 3;

bool is_of(const HistoryRow& row, const HistoryRow& tonight) {
  return row.last && row.host.name == tonight.host.name && row.part == tonight.part && row.case_id == tonight.case_id &&
         row.night != tonight.night && row.recorded != to_string(Recorded::left_out);
}

bool is_judged(const HistoryRow& row) {
  return row.outcome == Outcome::pass || row.outcome == Outcome::fail;
}

// Passes without anything else between them, at the end of the nights.
unsigned passes_in_a_row(const HistoryRow& tonight, const std::vector<HistoryRow>& earlier) {
  unsigned passes = 0;
  for (const HistoryRow& row : earlier)
    if (is_of(row, tonight)) passes = row.outcome == Outcome::pass ? passes + 1 : 0;
  return passes;
}

// The longest row of passes with tonight's topology file.
unsigned most_passes_of_file(const HistoryRow& tonight, const std::vector<HistoryRow>& earlier) {
  unsigned passes = 0;
  unsigned most = 0;
  for (const HistoryRow& row : earlier) {
    if (!is_of(row, tonight) || row.file_digest != tonight.file_digest) continue;
    passes = row.outcome == Outcome::pass ? passes + 1 : 0;
    most = std::max(most, passes);
  }
  return most;
}

std::string words_of(const QuarantineEntry& entry) {
  return fmt::format("quarantine of {} until {}: {} ({})", entry.owner, entry.expires, entry.reason, entry.link);
}

}  // namespace

StandingOf standing_of(const HistoryRow& tonight, bool experimental, const std::vector<HistoryRow>& earlier,
                       const std::vector<QuarantineEntry>& quarantine, const std::string& today) {
  if (experimental) return {Standing::experimental, "its topology file says that it is experimental"};
  if (const unsigned passes = most_passes_of_file(tonight, earlier); passes < passes_to_gate)
    return {Standing::unproven,
            fmt::format("its topology file is new or has changed: {} of {} passes in a row", passes, passes_to_gate)};
  for (const QuarantineEntry& entry : quarantine) {
    if (entry.part != tonight.part || entry.case_id != tonight.case_id) continue;
    if (days_between(today, entry.expires) > longest_quarantine_days)
      return {Standing::gates,
              words_of(entry) + fmt::format("; it lasts longer than {} days", longest_quarantine_days)};
    if (entry.expires < today) return {Standing::gates, words_of(entry) + "; it has expired"};
    if (passes_in_a_row(tonight, earlier) >= passes_to_come_back)
      return {Standing::gates, words_of(entry) + fmt::format("; it has passed {} times in a row: remove the entry",
                                                             passes_in_a_row(tonight, earlier))};
    if (tonight.outcome == Outcome::fail && tonight.fault_class != entry.fault_class)
      return {Standing::gates, words_of(entry) + fmt::format("; it is for '{}' and does not excuse another class",
                                                             to_string(entry.fault_class))};
    return {Standing::quarantined, words_of(entry)};
  }
  return {};
}

bool passed_last(const HistoryRow& tonight, const std::vector<HistoryRow>& earlier) {
  bool passed = false;
  for (const HistoryRow& row : earlier)
    if (is_of(row, tonight) && is_judged(row)) passed = row.outcome == Outcome::pass;
  return passed;
}

std::vector<std::string> quarantine_mistakes(const std::vector<QuarantineEntry>& entries, std::size_t cases,
                                             const std::string& today) {
  std::vector<std::string> mistakes;
  for (const QuarantineEntry& entry : entries)
    if (days_between(today, entry.expires) > longest_quarantine_days)
      mistakes.push_back(fmt::format("{} {}: the quarantine lasts until {}, more than {} days from today", entry.part,
                                     entry.case_id, entry.expires, longest_quarantine_days));
  const auto most = std::max<std::size_t>(1, static_cast<std::size_t>(most_in_quarantine * static_cast<double>(cases)));
  const auto holding = static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [&](const QuarantineEntry& one) { return one.expires >= today; }));
  if (holding > most)
    mistakes.push_back(
        fmt::format("{} cases are in quarantine, and of {} cases at most {} may be", holding, cases, most));
  return mistakes;
}

}  // namespace offlab
