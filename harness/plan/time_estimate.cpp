#include "plan/time_estimate.h"

#include <algorithm>
#include <set>

namespace offlab {
namespace {

// Measured under software emulation on two cores (docs/benchmarks.md); with KVM both are shorter.
constexpr double seconds_to_start_a_lab = 6;
constexpr double seconds_around_a_leg = 1;

// How likely a case shows something that is not known yet.
constexpr double chance_after_a_fail = 0.5;
constexpr double chance_of_a_new_case = 0.2;
constexpr double chance_after_a_pass = 0.02;

double middle_seconds(const LastResults& last) {
  std::vector<double> all;
  for (const auto& [id, one] : last)
    if (one.seconds > 0) all.push_back(one.seconds);
  if (all.empty()) return 0;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

double seconds_of(const std::string& id, const LastResults& last, double otherwise) {
  const auto known = last.find(id);
  return known != last.end() && known->second.seconds > 0 ? known->second.seconds : otherwise;
}

double chance(const std::string& id, const LastResults& last) {
  const auto known = last.find(id);
  if (known == last.end()) return chance_of_a_new_case;
  return known->second.passed ? chance_after_a_pass : chance_after_a_fail;
}

using SettingPair = std::pair<SettingText, SettingText>;

std::set<SettingPair> pairs_of(const Case& one) {
  std::set<SettingPair> pairs;
  for (std::size_t a = 0; a < one.axes.size(); ++a)
    for (std::size_t b = a; b < one.axes.size(); ++b) pairs.emplace(one.axes[a], one.axes[b]);
  return pairs;
}

}  // namespace

TimeEstimate estimate_time(const RunPlan& plan, const LastResults& last) {
  TimeEstimate estimate{.lab_seconds = seconds_to_start_a_lab, .case_seconds = {}};
  const double middle = middle_seconds(last);
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) {
      double planned = usual_traffic_seconds(one);
      for (const LegPlan& leg : one.legs)
        if (leg.round == 1) planned += seconds_around_a_leg;
      estimate.case_seconds[one.id] = seconds_of(one.id, last, middle > 0 ? middle : planned);
    }
  return estimate;
}

double total_seconds(const TimeEstimate& estimate, const RunPlan& plan) {
  double seconds = estimate.lab_seconds * static_cast<double>(plan.labs.size());
  for (const auto& [id, of_case] : estimate.case_seconds) seconds += of_case;
  return seconds;
}

std::vector<std::string> beyond_budget(const RunPlan& plan, const TimeEstimate& estimate, double seconds) {
  std::vector<std::string> left_out;
  double spent = 0;
  for (const LabPlan& lab : plan.labs) {
    bool is_started = false;
    for (const CasePlan& one : lab.cases) {
      const double needed = estimate.case_seconds.at(one.id) + (is_started ? 0 : estimate.lab_seconds);
      if (spent + needed > seconds) {
        left_out.push_back(one.id);
      } else {
        spent += needed;
        is_started = true;
      }
    }
  }
  return left_out;
}

void most_telling_first(std::vector<Case>& cases, const LastResults& last) {
  const double middle = std::max(middle_seconds(last), 1.0);
  std::set<SettingPair> covered;
  for (auto next = cases.begin(); next != cases.end(); ++next) {
    const auto told_by = [&](const Case& one) {
      const std::set<SettingPair> pairs = pairs_of(one);
      const auto fresh =
          std::count_if(pairs.begin(), pairs.end(), [&](const SettingPair& pair) { return covered.count(pair) == 0; });
      const double share = pairs.empty() ? 0 : static_cast<double>(fresh) / static_cast<double>(pairs.size());
      return chance(one.id, last) * (1 + share) / seconds_of(one.id, last, middle);
    };
    auto best = next;
    double most = told_by(*next);
    for (auto other = next + 1; other != cases.end(); ++other)
      if (const double told = told_by(*other); told > most) {
        most = told;
        best = other;
      }
    std::rotate(next, best, best + 1);
    covered.merge(pairs_of(*next));
  }
}

}  // namespace offlab
