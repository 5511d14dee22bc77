#include "bundle/compare_replay.h"

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"

namespace offlab {
namespace {

constexpr std::uint64_t few = 5;
constexpr double collapse = 0.5;  // of the control's goodput

bool is_alike(std::uint64_t expected, std::uint64_t seen) {
  return expected >= few ? seen >= few : seen <= expected + few;
}

std::optional<bool> has_collapsed(const std::optional<double>& in_case, const std::optional<double>& in_control) {
  if (!in_case || !in_control || *in_control <= 0) return std::nullopt;
  return *in_case < collapse * *in_control;
}

std::optional<double> goodput_of(const std::optional<LegMeasurements>& leg) {
  return leg ? leg->goodput_bps : std::nullopt;
}

const ExpectedCounter* counter_named(const std::vector<ExpectedCounter>& counters, const ExpectedCounter& wanted) {
  for (const ExpectedCounter& one : counters)
    if (one.node == wanted.node && one.name == wanted.name) return &one;
  return nullptr;
}

std::string class_word(const CaseResult& result) {
  return std::string(result.fault_class ? to_string(*result.fault_class) : to_string(result.forwarding));
}

std::string rate(const std::optional<double>& bps) {
  return bps ? to_string(BitRate{*bps}) : "-";
}

void compare_counters(const Expected& expected, const std::vector<ExpectedCounter>& counters,
                      std::vector<std::string>& differences) {
  for (const ExpectedCounter& wanted : expected.counters) {
    if (!wanted.matters) continue;
    const ExpectedCounter* seen = counter_named(counters, wanted);
    if (seen == nullptr)
      differences.push_back(clean_format("{} of {} was not read", wanted.name, wanted.node));
    else if (!is_alike(wanted.in_case, seen->in_case) || !is_alike(wanted.in_control, seen->in_control))
      differences.push_back(clean_format("{} of {} grew by {} (control {}), in the bundle by {} (control {})",
                                         wanted.name, wanted.node, seen->in_case, seen->in_control, wanted.in_case,
                                         wanted.in_control));
  }
}

}  // namespace

ReplayAnswer compare_replay(const Expected& expected, const CaseResult& result,
                            const std::vector<ExpectedCounter>& counters) {
  ReplayAnswer answer;
  if (result.fault_class != expected.fault_class)
    answer.differences.push_back(clean_format("the class is {} instead of {}{}{}", class_word(result),
                                              to_string(expected.fault_class), result.reason.empty() ? "" : ": ",
                                              result.reason));
  if (!expected.imitates) {
    compare_counters(expected, counters, answer.differences);
    const auto there = has_collapsed(expected.case_goodput_bps, expected.control_goodput_bps);
    const auto here = has_collapsed(goodput_of(result.measured), goodput_of(result.control));
    if (there && there != here)
      answer.differences.emplace_back(*there ? "the goodput of the case did not fall below half of the control's"
                                             : "the goodput of the case fell below half of the control's");
  }
  answer.reproduced = answer.differences.empty();
  return answer;
}

std::string replay_text(const Expected& expected, const CaseResult& result,
                        const std::vector<ExpectedCounter>& counters, const ReplayAnswer& answer) {
  std::string text = fmt::format("\n{:<36}{:>32}{:>32}\n{:<36}{:>16}{:>16}{:>16}{:>16}\n", "", "here", "in the bundle",
                                 "", "case", "control", "case", "control");
  text += clean_format("{:<36}{:>16}{:>16}{:>16}{:>16}\n", "goodput", rate(goodput_of(result.measured)),
                       rate(goodput_of(result.control)), rate(expected.case_goodput_bps),
                       rate(expected.control_goodput_bps));
  if (!expected.imitates)
    for (const ExpectedCounter& wanted : expected.counters)
      if (const ExpectedCounter* seen = counter_named(counters, wanted))
        text += clean_format("{:<36}{:>16}{:>16}{:>16}{:>16}\n", wanted.node + " " + wanted.name, seen->in_case,
                             seen->in_control, wanted.in_case, wanted.in_control);
  text += "\n";
  for (const std::string& difference : answer.differences) text += clean_format("differs: {}\n", difference);
  return text +
         clean_format("{}: {}\n", answer.reproduced ? "REPRODUCED" : "NOT REPRODUCED", to_string(expected.fault_class));
}

}  // namespace offlab
