#include "report/analysis.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "report/diagnosis_text.h"

namespace offlab {
namespace {

std::string class_words(const CaptureAnswer& answer) {
  std::vector<std::string> words;
  for (const FaultClass fault : answer.classes) words.emplace_back(to_string(fault));
  return words.empty() ? "-" : fmt::format("{}", fmt::join(words, " or "));
}

std::vector<std::string_view> names_of(const std::vector<Invariant>& invariants) {
  std::vector<std::string_view> names;
  for (const Invariant invariant : invariants) names.push_back(to_string(invariant));
  return names;
}

enum class Kind { violated, warning, holds, undecided };

Kind kind_of(const Finding& finding) {
  if (finding.outcome == Outcome::fail) return Kind::violated;
  if (finding.outcome == Outcome::inconclusive) return Kind::undecided;
  return finding.warning ? Kind::warning : Kind::holds;
}

bool is_without_counters(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.invariant == Invariant::icmp_accounting && finding.outcome == Outcome::inconclusive;
  });
}

std::string section(const CaptureAnswer& answer, const char* title, Kind kind) {
  std::string text;
  for (const Finding& finding : answer.findings) {
    if (kind_of(finding) != kind) continue;
    text += clean_format("  {:<20} {}\n", to_string(finding.invariant), finding.text);
    for (const EvidenceFrame& frame : finding.frames)
      if (kind == Kind::violated || kind == Kind::warning)
        text += clean_format("      {:>9.6f} s  {} #{}  {}\n", frame.seconds, frame.point, frame.number, frame.text);
  }
  return text.empty() ? "" : fmt::format("\n{}\n{}", title, text);
}

}  // namespace

std::string console_answer(const CaptureAnswer& answer) {
  std::string text = clean_format("flow        {}\n", answer.flow);
  if (answer.files.size() == 1) text += clean_format("capture     {}\n", answer.files.at(0));
  if (answer.files.size() > 1)
    text += clean_format("before      {}\nbehind      {}\n", answer.files.at(0), answer.files.at(1));
  for (const std::string& assumption : answer.assumptions) text += clean_format("assumed     {}\n", assumption);
  text += fmt::format("outcome     {}\nclass       {}\n", to_string(answer.outcome), class_words(answer));
  if (!answer.undecided.empty()) text += clean_format("            {}\n", answer.undecided);
  text += section(answer, "Violated", Kind::violated);
  text += section(answer, "Warnings", Kind::warning);
  text += section(answer, "Holds", Kind::holds);
  text += section(answer, "Cannot be judged from these files", Kind::undecided);
  if (is_without_counters(answer.findings))
    text +=
        "  (--router-counters, --sender-counters and --receiver-counters take /proc/net/snmp from before and after)\n";
  text +=
      fmt::format("\nNot judged at all: {}, which compare with a transfer without merging (in a lab, the control).\n",
                  fmt::join(names_of(answer.not_judged), " and "));
  for (const ClassDiagnosis& one : answer.diagnoses)
    text += fmt::format("\n{}\n{}", to_string(one.fault_class), describe(one.diagnosis));
  return text;
}

}  // namespace offlab
