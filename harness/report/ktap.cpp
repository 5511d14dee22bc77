#include "report/ktap.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "report/case_text.h"

namespace offlab {
namespace {

// '#' begins a directive.
std::string described(const std::string& text) {
  std::string clean = clean_line(text);
  std::replace(clean.begin(), clean.end(), '#', '_');
  return clean;
}

std::string diagnostics(const CaseResult& one) {
  std::string text = clean_format("# outcome: {}, class: {}\n", to_string(one.outcome), class_word(one));
  if (!one.reason.empty() && one.outcome != Outcome::skip) text += clean_format("# {}\n", one.reason);
  for (const Finding* finding : notable_findings(one)) {
    text += clean_format("# {} {}: {}\n", finding->warning ? "warning" : to_string(finding->outcome),
                         to_string(finding->invariant), finding->text);
    for (const EvidenceFrame& frame : finding->frames)
      text += clean_format("#   {:.6f} s {} frame {}: {}\n", frame.seconds, frame.point, frame.number, frame.text);
  }
  return text;
}

}  // namespace

std::string ktap(const RunResult& run) {
  std::string text = fmt::format("KTAP version 1\n1..{}\n", run.cases.size());
  std::size_t number = 0;
  for (const CaseResult& one : run.cases) {
    text += diagnostics(one);
    const bool good = one.outcome == Outcome::pass || one.outcome == Outcome::skip;
    text += fmt::format("{} {} {}", good ? "ok" : "not ok", ++number, described(one.id));
    if (one.outcome == Outcome::skip) text += fmt::format(" # SKIP {}", described(one.reason));
    text += "\n";
  }
  return text;
}

}  // namespace offlab
