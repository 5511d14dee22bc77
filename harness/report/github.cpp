#include "report/github.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "report/case_text.h"

namespace offlab {
namespace {

constexpr std::size_t most_message_bytes = 4000;

// In a workflow command; of a property more has to be replaced.
std::string in_command(const std::string& text, bool property) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%')
      escaped += "%25";
    else if (c == '\r')
      escaped += "%0D";
    else if (c == '\n')
      escaped += "%0A";
    else if (property && c == ':')
      escaped += "%3A";
    else if (property && c == ',')
      escaped += "%2C";
    else
      escaped += c;
  }
  return escaped;
}

std::string command(const char* kind, const std::string& title, const std::string& message) {
  return fmt::format("::{} title={}::{}\n", kind, in_command(clean_line(title), true), in_command(message, false));
}

bool has_warning(const CaseResult& one) {
  return one.outcome == Outcome::pass &&
         std::any_of(one.findings.begin(), one.findings.end(), [](const Finding& finding) { return finding.warning; });
}

std::string annotations(const char* kind, const RunResult& run, const std::vector<const CaseResult*>& cases) {
  std::string text;
  const std::size_t shown = cases.size() > most_annotations ? most_annotations - 1 : cases.size();
  for (std::size_t i = 0; i < shown; ++i)
    text += command(
        kind, fmt::format("{}: {}", run.name, cases[i]->id),
        (cases[i]->fault_class ? class_word(*cases[i]) + "\n" : "") + case_details(*cases[i], most_message_bytes));
  if (shown < cases.size())
    text += command(kind, run.name, fmt::format("{} more cases; the summary lists them", cases.size() - shown));
  return text;
}

}  // namespace

std::string github_annotations(const RunResult& run) {
  std::vector<const CaseResult*> errors;
  std::vector<const CaseResult*> warnings;
  for (const CaseResult& one : run.cases) {
    if (one.outcome == Outcome::fail || one.outcome == Outcome::error) errors.push_back(&one);
    if (one.outcome == Outcome::inconclusive || has_warning(one)) warnings.push_back(&one);
  }
  std::stable_sort(errors.begin(), errors.end(), [](const CaseResult* a, const CaseResult* b) {
    return a->outcome == Outcome::fail && b->outcome != Outcome::fail;
  });
  return annotations("error", run, errors) + annotations("warning", run, warnings);
}

}  // namespace offlab
