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

// Nothing holds because nothing was seen.
bool is_unseen(const CaptureAnswer& answer, const Finding& finding) {
  return std::find(answer.unseen.begin(), answer.unseen.end(), finding.invariant) != answer.unseen.end();
}

bool is_without_counters(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.invariant == Invariant::icmp_accounting && finding.outcome == Outcome::inconclusive;
  });
}

// What the sections of an answer look like.
struct Style {
  const char* title;    // of a section
  const char* finding;  // name and text
  const char* frame;    // seconds, point, number, text
  const char* reason;   // why something cannot be judged, and what
};

std::string section(const CaptureAnswer& answer, const Style& style, const char* title, Kind kind) {
  std::string text;
  for (const Finding& finding : answer.findings) {
    if (kind_of(finding) != kind || is_unseen(answer, finding)) continue;
    text += clean_format(fmt::runtime(style.finding), to_string(finding.invariant), finding.text);
    for (const EvidenceFrame& frame : finding.frames)
      if (kind == Kind::violated || kind == Kind::warning)
        text += clean_format(fmt::runtime(style.frame), frame.seconds, frame.point, frame.number, frame.text);
  }
  return text.empty() ? "" : fmt::format(fmt::runtime(style.title), title) + text;
}

// What cannot be judged, each reason once.
std::string undecided_section(const CaptureAnswer& answer, const Style& style) {
  std::vector<std::pair<std::string, std::vector<std::string_view>>> reasons;
  for (const Finding& finding : answer.findings) {
    if (kind_of(finding) != Kind::undecided || is_unseen(answer, finding)) continue;
    auto known =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == finding.text; });
    if (known == reasons.end()) known = reasons.insert(known, {finding.text, {}});
    known->second.push_back(to_string(finding.invariant));
  }
  std::string text;
  for (const auto& [why, names] : reasons)
    text += clean_format(fmt::runtime(style.reason), why, fmt::format("{}", fmt::join(names, ", ")));
  return text.empty() ? "" : fmt::format(fmt::runtime(style.title), "Cannot be judged from these captures") + text;
}

std::string sections(const CaptureAnswer& answer, const Style& style) {
  return section(answer, style, "Violated", Kind::violated) + section(answer, style, "Warnings", Kind::warning) +
         section(answer, style, "Holds", Kind::holds) + undecided_section(answer, style);
}

const char* counters_hint =
    "--router-counters, --sender-counters and --receiver-counters take /proc/net/snmp from before and after";

std::string not_judged(const CaptureAnswer& answer) {
  if (answer.not_judged.empty()) return "";
  return fmt::format(
      "Not checked: {}. They need a second transfer, with LRO off in the guest and on the hypervisor, to compare "
      "with.\n",
      fmt::join(names_of(answer.not_judged), " and "));
}

}  // namespace

std::string console_answer(const CaptureAnswer& answer) {
  std::string text = clean_format("{}\n\n", answer.headline);
  text += fmt::format("outcome     {}\nclass       {}\n", to_string(answer.outcome), class_words(answer));
  if (!answer.undecided.empty() && answer.outcome == Outcome::fail)
    text += clean_format("            {}\n", answer.undecided);
  if (!answer.flow.empty()) text += clean_format("flow        {}\n", answer.flow);
  for (const CaptureFact& fact : answer.facts) text += clean_format("{:<11} {}\n", fact.label, fact.text);
  for (const std::string& assumption : answer.assumptions) text += clean_format("assumed     {}\n", assumption);
  text += sections(answer, {"\n{}\n", "  {:<20} {}\n", "      {:>9.6f} s  {} #{}  {}\n", "  {}: {}\n"});
  if (is_without_counters(answer.findings)) text += fmt::format("  ({})\n", counters_hint);
  if (!answer.missing.empty()) text += "\nWhat to capture\n";
  for (const MissingCapture& one : answer.missing) {
    text += clean_format("  {}\n", one.what);
    for (const std::string& command : one.commands) text += clean_format("    {}\n", command);
  }
  if (const std::string rest = not_judged(answer); !rest.empty()) text += "\n" + rest;
  std::vector<Remedy> told;
  for (const ClassDiagnosis& one : answer.diagnoses) {
    Diagnosis diagnosis = one.diagnosis;  // each remedy once
    std::erase_if(diagnosis.remedies,
                  [&](const Remedy& remedy) { return std::find(told.begin(), told.end(), remedy) != told.end(); });
    told.insert(told.end(), diagnosis.remedies.begin(), diagnosis.remedies.end());
    text += fmt::format("\n{}\n{}", to_string(one.fault_class), describe(diagnosis));
  }
  return text;
}

namespace {

// In a cell of a table a bar would end it.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char letter : text) escaped += letter == '|' ? std::string("\\|") : std::string(1, letter);
  return escaped;
}

}  // namespace

std::string markdown_answer(const CaptureAnswer& answer) {
  std::string text = clean_format("**{}**\n\n| | |\n|---|---|\n", answer.headline);
  text += fmt::format("| outcome | {} |\n| class | {} |\n", to_string(answer.outcome), class_words(answer));
  if (!answer.undecided.empty() && answer.outcome == Outcome::fail)
    text += clean_format("| | {} |\n", cell(answer.undecided));
  if (!answer.flow.empty()) text += clean_format("| flow | `{}` |\n", answer.flow);
  for (const CaptureFact& fact : answer.facts) text += clean_format("| {} | {} |\n", cell(fact.label), cell(fact.text));
  for (const std::string& assumption : answer.assumptions) text += clean_format("| assumed | {} |\n", cell(assumption));
  text += sections(answer, {"\n### {}\n\n", "- **{}**: {}\n", "  - `{:.6f} s  {} #{}  {}`\n", "- {}: {}\n"});
  if (!answer.missing.empty()) text += "\n### What to capture\n\n";
  for (const MissingCapture& one : answer.missing) {
    text += clean_format("- {}\n", one.what);
    if (one.commands.empty()) continue;
    text += "\n```\n";
    for (const std::string& command : one.commands) text += clean_format("{}\n", command);
    text += "```\n";
  }
  for (const ClassDiagnosis& one : answer.diagnoses) {
    text += fmt::format("\n### {}\n\n", to_string(one.fault_class));
    text += clean_format("{}\n\n{}\n", one.diagnosis.what, one.diagnosis.counters);
    for (const Remedy& remedy : one.diagnosis.remedies) text += clean_format("- {}: {}\n", remedy.where, remedy.action);
  }
  return text;
}

}  // namespace offlab
