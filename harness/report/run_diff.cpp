#include "report/run_diff.h"

#include <fmt/format.h>

#include "base/clean_format.h"
#include "base/units.h"

namespace offlab {
namespace {

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string count(const Count& value) {
  return value ? std::to_string(*value) : "-";
}

std::string rate(const std::optional<double>& bps) {
  return bps ? to_string(BitRate{*bps}) : "-";
}

std::string changed_lines(const std::vector<ChangedValue>& changes, const char* indent) {
  std::string text;
  for (const ChangedValue& one : changes)
    text += clean_format("{}{:<10}  {:<34}  {} -> {}\n", indent, one.where, one.what, or_dash(one.before),
                         or_dash(one.after));
  return text;
}

std::string class_text(const std::optional<FaultClass>& fault) {
  return fault ? std::string(to_string(*fault)) : "-";
}

std::string title(const CaseDifference& one) {
  return one.before_id == one.after_id ? clean_line(one.before_id)
                                       : clean_format("{} against {}", one.before_id, one.after_id);
}

std::string verdict_line(const CaseDifference& one) {
  if (has_same_verdict(one))
    return fmt::format("  {} {} in both\n", to_string(one.before_outcome), class_text(one.before_class));
  return fmt::format("  {} {} -> {} {}\n", to_string(one.before_outcome), class_text(one.before_class),
                     to_string(one.after_outcome), class_text(one.after_class));
}

std::string goodput_line(const CaseDifference& one) {
  if (!one.before_goodput_bps && !one.after_goodput_bps) return "";
  std::string text = fmt::format("  goodput {} -> {}", rate(one.before_goodput_bps), rate(one.after_goodput_bps));
  if (!one.goodput) return text + ", too few samples for an interval\n";
  const RateRatio& ratio = *one.goodput;
  text += fmt::format(": {:+.1f} % (95 % interval {:+.1f} .. {:+.1f} %)", 100 * (ratio.value - 1),
                      100 * (ratio.low - 1), 100 * (ratio.high - 1));
  return text + (ratio.low <= 1 && ratio.high >= 1 ? ", no difference can be told\n" : "\n");
}

std::string names(const std::vector<Invariant>& invariants) {
  std::vector<std::string_view> words;
  for (const Invariant one : invariants) words.push_back(to_string(one));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string case_lines(const CaseDifference& one) {
  std::string text = title(one) + "\n" + verdict_line(one) + goodput_line(one);
  if (!one.newly_violated.empty()) text += fmt::format("  newly violated: {}\n", names(one.newly_violated));
  if (!one.no_longer_violated.empty()) text += fmt::format("  no longer violated: {}\n", names(one.no_longer_violated));
  text += changed_lines(one.settings, "  ");
  for (const ChangedCounter& counter : one.counters)
    text += clean_format("  {:<10}  {:<34}  {} -> {}\n", "counter", counter.name, count(counter.before),
                         count(counter.after));
  return text + "\n";
}

}  // namespace

std::string run_diff(const RunDifference& difference) {
  std::string text = clean_format("before: {}\nafter:  {}\n\n", difference.before, difference.after);
  text += difference.environment.empty() ? "hosts, images and versions are the same\n\n"
                                         : changed_lines(difference.environment, "") + "\n";
  for (const CaseDifference& one : difference.cases) text += case_lines(one);
  for (const std::string& id : difference.only_before) text += clean_format("only before: {}\n", id);
  for (const std::string& id : difference.only_after) text += clean_format("only after: {}\n", id);
  std::size_t changed = 0;
  for (const CaseDifference& one : difference.cases) changed += has_same_verdict(one) ? 0U : 1U;
  return text + fmt::format("{} of {} cases have another verdict\n", changed, difference.cases.size());
}

}  // namespace offlab
