#include "report/console.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"
#include "report/diagnosis_text.h"

namespace offlab {
namespace {

std::string class_text(const CaseResult& one) {
  if (!one.fault_class) return one.forwarding == Outcome::skip && one.outcome == Outcome::pass ? "skip" : "-";
  return std::string(to_string(*one.fault_class)) + (one.device.empty() ? "" : " at " + one.device);
}

std::string rate(const std::optional<double>& bps) {
  return bps ? to_string(BitRate{*bps}) : "-";
}

std::string count(const Count& value) {
  return value ? std::to_string(*value) : "-";
}

std::string upper(Outcome outcome) {
  std::string word(to_string(outcome));
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

// Whether the case was tried at all, and how often.
std::string attempt_text(const CaseResult& one) {
  if (one.outcome == Outcome::error && !one.recorded) return "  not tried";
  return one.attempts == 1 ? "" : clean_format("  attempt {}", one.attempts);
}

std::string finding_lines(const Finding& finding) {
  std::string text = clean_format("    {:<12} {}{}: {}\n", finding.warning ? "warning" : to_string(finding.outcome),
                                  finding.device.empty() ? "" : clean_line(finding.device) + " ",
                                  to_string(finding.invariant), finding.text);
  for (const EvidenceFrame& frame : finding.frames)
    text += clean_format("      {:>9.6f} s  {} #{}  {}\n", frame.seconds, frame.point, frame.number, frame.text);
  return text;
}

}  // namespace

std::string console_case(const CaseResult& one, Question question, bool verbose) {
  const bool expected_fault =
      question == Question::as_expected && one.outcome == Outcome::pass && one.forwarding != Outcome::pass;
  std::string text = clean_format("{:<12} {}  [{}{}]{}", upper(one.outcome), one.id, class_text(one),
                                  expected_fault ? ", as expected" : "", attempt_text(one));
  if (one.measured)
    text += clean_format("  goodput {} (control {}), {} refused", rate(one.measured->goodput_bps),
                         rate(one.control->goodput_bps), count(one.measured->frag_fails));
  text += "\n";
  if (!one.reason.empty()) text += clean_format("    {}\n", one.reason);
  for (const Finding& finding : one.findings)
    if (verbose || (!expected_fault && (finding.outcome != Outcome::pass || finding.warning)))
      text += finding_lines(finding);
  if (one.forwarding == Outcome::fail && one.diagnosis && !expected_fault) text += describe(*one.diagnosis);
  return text;
}

std::string console_summary(const RunResult& run, const std::string& folder) {
  std::size_t width = 4;
  for (const CaseResult& one : run.cases) width = std::max(width, clean_line(one.id).size());
  std::string text = clean_format("\n{:<{}}  {:<12}  {:<20}  {:>12}  {:>12}  {:>8}  {:>6}\n", "case", width, "outcome",
                                  "class", "goodput", "control", "refused", "ampl.");
  for (const CaseResult& one : run.cases) {
    const auto ratio = one.measured ? amplification(*one.measured) : std::nullopt;
    text += clean_format("{:<{}}  {:<12}  {:<20}  {:>12}  {:>12}  {:>8}  {:>6}\n", one.id, width,
                         to_string(one.outcome), class_text(one), one.measured ? rate(one.measured->goodput_bps) : "-",
                         one.control ? rate(one.control->goodput_bps) : "-",
                         one.measured ? count(one.measured->frag_fails) : "-",
                         ratio ? clean_format("{:.2f}", *ratio) : "-");
  }
  for (const CaseResult& one : run.cases)
    for (const Finding& finding : one.findings)
      if (finding.invariant == Invariant::family_symmetry && finding.warning)
        text += clean_format("\nclue: {}: {}\n", one.id, finding.text);
  const auto is_left_out = [](const CaseResult& one) { return one.recorded == Recorded::left_out; };
  if (const auto left_out = std::count_if(run.cases.begin(), run.cases.end(), is_left_out))
    text += clean_format("\n{} of {} cases were left out: {}\n", left_out, run.cases.size(),
                         std::find_if(run.cases.begin(), run.cases.end(), is_left_out)->reason);
  const char* question =
      run.question == Question::healthy ? "is forwarding healthy?" : "is every case as the file expects?";
  text += clean_format("\n{}: {} {}\n", run.name, question, upper(run.outcome));
  return text + where_evidence_is(folder, run.cases);
}

std::string where_evidence_is(const std::string& folder, const std::vector<CaseResult>& cases) {
  if (folder.empty()) return "";
  const bool some =
      std::any_of(cases.begin(), cases.end(), [](const CaseResult& one) { return one.outcome != Outcome::error; });
  return some ? clean_format("evidence: {0}\nreport:   {0}/report.html  (judge it again: offlab judge {0})\n", folder)
              : clean_format("nothing was recorded; logs: {}\n", folder);
}

}  // namespace offlab
