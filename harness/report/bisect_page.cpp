#include "report/bisect_page.h"

#include <fmt/format.h>

#include "base/clean_format.h"

namespace offlab {
namespace {

std::string class_words(const CaseResult& result) {
  return std::string(result.fault_class ? to_string(*result.fault_class) : to_string(result.forwarding));
}

std::string answer(const BisectReport& report) {
  const std::string fault = report.fault_class ? std::string(to_string(*report.fault_class)) : "no fault";
  const std::string found = fmt::format("{}", fmt::join(report.found, " with "));
  switch (report.end) {
    case SearchEnd::proven:
      return clean_format(
          "{} comes from {}\n  proven: with it the fault showed twice; with each part of it taken away, twice it did "
          "not\n",
          fault, found);
    case SearchEnd::not_monotone:
      return clean_format(
          "no answer: {} comes and goes more often than assumed, or a setting takes it away again\n"
          "  the likeliest: {}. --flake-rate says how often a run may be wrong\n",
          fault, found);
    case SearchEnd::no_more_tries:
      return clean_format("not proven within {} runs; the likeliest: {} ({:.0f} %)\n", report.steps.size(), found,
                          100 * report.likelihood);
    case SearchEnd::no_fault:
      return clean_format("the bad case, {}, shows no fault: {}{}\n", report.bad,
                          class_words(report.steps.front().result),
                          report.steps.front().result.reason.empty() ? "" : ": " + report.steps.front().result.reason);
  }
  return "";
}

}  // namespace

std::string bisect_step_line(std::size_t number, const BisectStep& step) {
  return clean_format("{:>3}  {:<12}  {:<22}  {}\n", number, step.shows ? "shows it" : "does not",
                      class_words(step.result), step.id);
}

std::string bisect_page(const BisectReport& report, const std::string& folder) {
  return clean_format("\n{}, case {} against {}: {} runs\n", report.name, report.bad, report.good,
                      report.steps.size()) +
         answer(report) + clean_format("\nevidence: {}\n", folder);
}

}  // namespace offlab
