#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "base/units.h"
#include "report/html_report.h"

namespace offlab {
namespace {

using Cases = std::vector<const CaseResult*>;

Cases cases_with(const RunResult& run, Outcome outcome) {
  Cases cases;
  for (const CaseResult& one : run.cases)
    if (one.outcome == outcome) cases.push_back(&one);
  return cases;
}

std::string class_word(const CaseResult& one) {
  return std::string(one.fault_class ? to_string(*one.fault_class) : to_string(one.forwarding));
}

// "lro-orphan-storm (2), wrong-gso-size", in the order in which they come.
std::string classes_of(const Cases& cases) {
  std::vector<std::pair<std::string, std::size_t>> classes;
  for (const CaseResult* one : cases) {
    const std::string word = class_word(*one);
    const auto known =
        std::find_if(classes.begin(), classes.end(), [&](const auto& entry) { return entry.first == word; });
    if (known == classes.end())
      classes.emplace_back(word, 1);
    else
      ++known->second;
  }
  std::vector<std::string> words;
  for (const auto& [word, count] : classes) words.push_back(count == 1 ? word : fmt::format("{} ({})", word, count));
  return fmt::format("{}", fmt::join(words, ", "));
}

// Of the case that is worst off: where most of the control's goodput is gone.
std::string worst_goodput(const Cases& cases) {
  const CaseResult* worst = nullptr;
  double least = 0.5;  // what is lost above this share is no headline
  for (const CaseResult* one : cases) {
    if (!one->measured || !one->control || !one->measured->goodput_bps || !one->control->goodput_bps) continue;
    const double share = *one->measured->goodput_bps / std::max(1.0, *one->control->goodput_bps);
    if (share >= least) continue;
    least = share;
    worst = one;
  }
  if (worst == nullptr) return "";
  return fmt::format(" Worst: {}, {} instead of {}.", clean_line(worst->id),
                     to_string(BitRate{*worst->measured->goodput_bps}),
                     to_string(BitRate{*worst->control->goodput_bps}));
}

std::string counted(std::size_t some, std::size_t all, const char* one, const char* several) {
  if (all == 1) return fmt::format("The case {}", one);
  if (some == all) return fmt::format("All {} cases {}", all, several);
  return fmt::format("{} of {} cases {}", some, all, some == 1 ? one : several);
}

std::string rest_of(const RunResult& run, Outcome told) {
  std::string text;
  const auto add = [&](Outcome outcome, const char* words) {
    const std::size_t count = cases_with(run, outcome).size();
    if (outcome != told && count > 0) text += fmt::format(" {} {}.", count, words);
  };
  add(Outcome::error, "could not be run to the end");
  add(Outcome::inconclusive, "inconclusive: evidence is missing");
  add(Outcome::skip, "skipped");
  return text;
}

// What a single case that is no pass gives as its reason.
std::string reason_of(const Cases& cases) {
  if (cases.size() != 1 || cases.front()->reason.empty()) return ".";
  return fmt::format(": {}.", clean_line(cases.front()->reason));
}

std::string sentence_of_failure(const RunResult& run, const Cases& failed) {
  const std::size_t all = run.cases.size();
  if (run.question == Question::healthy)
    return counted(failed.size(), all, "shows a fault", "show a fault") + fmt::format(": {}.", classes_of(failed)) +
           worst_goodput(failed);
  std::string text =
      counted(failed.size(), all, "did not come out as the file expects", "did not come out as the file expects");
  const CaseResult& first = *failed.front();
  return text +
         fmt::format(": {} is {} instead of {}.", clean_line(first.id), class_word(first), to_string(first.expect));
}

std::string sentence_of_success(const RunResult& run) {
  const Cases passed = cases_with(run, Outcome::pass);
  if (run.question == Question::healthy)
    return counted(passed.size(), run.cases.size(), "forwards as it should", "forward as they should") + ".";
  const auto faults = static_cast<std::size_t>(std::count_if(
      passed.begin(), passed.end(), [](const CaseResult* one) { return one->forwarding == Outcome::fail; }));
  std::string text =
      counted(passed.size(), run.cases.size(), "came out as the file expects", "came out as the file expects");
  if (faults == 0) return text + ".";
  return text +
         fmt::format(": {} known fault{} caught, {} healthy.", faults, faults == 1 ? "" : "s", passed.size() - faults);
}

}  // namespace

std::string verdict_sentence(const RunResult& run) {
  if (run.cases.empty()) return "No case was run.";
  const Cases of_outcome = cases_with(run, run.outcome);
  switch (run.outcome) {
    case Outcome::fail:
      return sentence_of_failure(run, of_outcome) + rest_of(run, Outcome::fail);
    case Outcome::error:
      return counted(of_outcome.size(), run.cases.size(), "could not be run to the end",
                     "could not be run to the end") +
             reason_of(of_outcome) + rest_of(run, Outcome::error);
    case Outcome::inconclusive:
    case Outcome::skip:
      if (of_outcome.empty() || run.outcome == Outcome::skip) return "Every case was skipped: nothing was judged.";
      return counted(of_outcome.size(), run.cases.size(), "is inconclusive", "are inconclusive") +
             reason_of(of_outcome) + rest_of(run, Outcome::inconclusive);
    case Outcome::pass:
      return sentence_of_success(run) + rest_of(run, Outcome::pass);
  }
  return "";
}

}  // namespace offlab
