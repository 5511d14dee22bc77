#include "verdict/compare_runs.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

using Words = std::map<std::string, std::string>;

void add_changes(const std::string& where, const Words& before, const Words& after,
                 std::vector<ChangedValue>& changes) {
  Words names = before;
  names.insert(after.begin(), after.end());
  const auto value = [](const Words& words, const std::string& name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string() : found->second;
  };
  for (const auto& [name, ignored] : names)
    if (value(before, name) != value(after, name))
      changes.push_back({where, name, value(before, name), value(after, name)});
}

Words words_of(const std::vector<SettingText>& settings) {
  return {settings.begin(), settings.end()};
}

struct CounterName {
  const char* name;
  Count (*read)(const LegMeasurements&);
};

template <std::uint64_t CaptureMeasurements::*Member>
Count captured(const LegMeasurements& leg) {
  return leg.capture ? Count(leg.capture.value().*Member) : Count();
}

// By their names in run.json.
constexpr std::array counters = {
    CounterName{"frag_fails", [](const LegMeasurements& leg) { return leg.frag_fails; }},
    CounterName{"frag_needed_router", [](const LegMeasurements& leg) { return leg.frag_needed_router; }},
    CounterName{"frag_needed_wire", captured<&CaptureMeasurements::frag_needed>},
    CounterName{"frag_needed_sender", [](const LegMeasurements& leg) { return leg.frag_needed_sender; }},
    CounterName{"bogus_frag_needed", captured<&CaptureMeasurements::bogus>},
    CounterName{"superframes", captured<&CaptureMeasurements::superframes>},
    CounterName{"frag_oks", [](const LegMeasurements& leg) { return leg.frag_oks; }},
    CounterName{"frag_creates", [](const LegMeasurements& leg) { return leg.frag_creates; }},
    CounterName{"reassembly_requests", [](const LegMeasurements& leg) { return leg.reassembly_requests; }},
    CounterName{"sent_segments", [](const LegMeasurements& leg) { return leg.sent_segments; }},
    CounterName{"retransmitted_segments", [](const LegMeasurements& leg) { return leg.retransmitted_segments; }},
    CounterName{"checksum_errors", [](const LegMeasurements& leg) { return leg.checksum_errors; }},
};

std::set<Invariant> violated(const CaseResult& one) {
  std::set<Invariant> violated;
  for (const Finding& finding : one.findings)
    if (finding.outcome == Outcome::fail && !finding.warning) violated.insert(finding.invariant);
  return violated;
}

std::vector<RateSeries> rates_of(const LegMeasurements& leg) {
  std::vector<RateSeries> rates = {goodput_series(leg.intervals)};
  for (const auto& round : leg.other_rounds) rates.push_back(goodput_series(round));
  return rates;
}

void add_readings(const std::vector<SettingReading>& before, const std::vector<SettingReading>& after,
                  std::vector<ChangedValue>& changes) {
  std::map<std::string, std::pair<Words, Words>> places;
  for (const SettingReading& reading : before) places[reading.where].first[reading.what] = reading.in_case;
  for (const SettingReading& reading : after) places[reading.where].second[reading.what] = reading.in_case;
  // What only one of them shows was not read in the other one, or did not differ from its control there.
  for (auto& [where, values] : places) {
    Words known_before;
    Words known_after;
    for (const auto& [what, value] : values.first)
      if (const auto other = values.second.find(what); other != values.second.end()) {
        known_before[what] = value;
        known_after[what] = other->second;
      }
    add_changes(where, known_before, known_after, changes);
  }
}

CaseDifference compare_cases(const CaseResult& before, const CaseResult& after,
                             const std::vector<SettingReading>& readings_before,
                             const std::vector<SettingReading>& readings_after) {
  CaseDifference difference{.before_id = before.id,
                            .after_id = after.id,
                            .before_outcome = before.outcome,
                            .after_outcome = after.outcome,
                            .before_class = before.fault_class,
                            .after_class = after.fault_class};
  add_changes("case", words_of(before.axes), words_of(after.axes), difference.settings);
  add_readings(readings_before, readings_after, difference.settings);
  const std::set<Invariant> then = violated(before);
  const std::set<Invariant> now = violated(after);
  std::set_difference(now.begin(), now.end(), then.begin(), then.end(), std::back_inserter(difference.newly_violated));
  std::set_difference(then.begin(), then.end(), now.begin(), now.end(),
                      std::back_inserter(difference.no_longer_violated));
  const LegMeasurements none;
  const LegMeasurements& first = before.measured ? *before.measured : none;
  const LegMeasurements& second = after.measured ? *after.measured : none;
  for (const CounterName& counter : counters)
    if (counter.read(first) != counter.read(second))
      difference.counters.push_back({counter.name, counter.read(first), counter.read(second)});
  difference.before_goodput_bps = first.goodput_bps;
  difference.after_goodput_bps = second.goodput_bps;
  if (before.measured && after.measured) difference.goodput = rate_ratio(rates_of(second), rates_of(first));
  return difference;
}

std::size_t index_of(const ComparedRun& of, const std::string& id) {
  for (std::size_t i = 0; i < of.run.cases.size(); ++i)
    if (of.run.cases[i].id == id) return i;
  throw Error(fmt::format("{} has no case '{}'", of.name, id));
}

bool has_case(const RunResult& run, const std::string& id) {
  return std::any_of(run.cases.begin(), run.cases.end(), [&](const CaseResult& one) { return one.id == id; });
}

void add_environment(const RunResult& before, const RunResult& after, RunDifference& difference) {
  add_changes("host", before.host, after.host, difference.environment);
  add_changes("image", before.image, after.image, difference.environment);
  add_changes("package", before.packages, after.packages, difference.environment);
}

const std::vector<SettingReading>& readings(const ComparedRun& of, std::size_t index) {
  static const std::vector<SettingReading> none;
  return index < of.settings.size() ? of.settings[index] : none;
}

}  // namespace

bool have_same_verdicts(const RunDifference& difference) {
  return difference.only_before.empty() && difference.only_after.empty() &&
         std::all_of(difference.cases.begin(), difference.cases.end(), has_same_verdict);
}

RunDifference compare_runs(const ComparedRun& before, const ComparedRun& after, const ComparedCases& cases) {
  RunDifference difference{.before = before.name, .after = after.name};
  add_environment(before.run, after.run, difference);
  ComparedCases pairs = cases;
  if (cases.empty()) {
    for (const CaseResult& one : before.run.cases) {
      if (has_case(after.run, one.id))
        pairs.emplace_back(one.id, one.id);
      else
        difference.only_before.push_back(one.id);
    }
    for (const CaseResult& one : after.run.cases)
      if (!has_case(before.run, one.id)) difference.only_after.push_back(one.id);
  }
  for (const auto& [first, second] : pairs) {
    const std::size_t at = index_of(before, first);
    const std::size_t other = index_of(after, second);
    difference.cases.push_back(
        compare_cases(before.run.cases[at], after.run.cases[other], readings(before, at), readings(after, other)));
  }
  return difference;
}

}  // namespace offlab
