// A result in words, for the messages of failed tests.
#include <algorithm>
#include <ostream>

#include <offlab/result.h>

#include "base/clean_format.h"

namespace offlab {
inline namespace v0 {
namespace {

std::string headline(const CaseResult& result) {
  std::string text = clean_format("{} {} [{}{}]", to_string(result.outcome), result.id,
                                  result.fault_class.empty() ? "-" : result.fault_class,
                                  result.device.empty() ? "" : " at " + result.device);
  const auto rate = [&](const char* name, const std::optional<Measurements>& seen) {
    if (seen && seen->goodput_bps) text += clean_format("  {} {:.3g} Mbit/s", name, *seen->goodput_bps / 1e6);
  };
  rate("goodput", result.measured);
  rate("control", result.control);
  return text;
}

std::string lines_of(const Finding& finding) {
  std::string text = clean_format("  {}: {}{}: {}\n", finding.warning ? "warning" : to_string(finding.outcome),
                                  finding.device.empty() ? "" : finding.device + " ", finding.invariant, finding.text);
  for (const Frame& frame : finding.frames)
    text += clean_format("    {:>9.6f} s  {} #{}  {}\n", frame.seconds, frame.point, frame.number, frame.text);
  return text;
}

std::string lines_of(const Diagnosis& diagnosis) {
  std::string text = clean_format("  what happens: {}\n", diagnosis.what);
  if (!diagnosis.counters.empty()) text += clean_format("  the counters: {}\n", diagnosis.counters);
  for (const Remedy& remedy : diagnosis.remedies) text += clean_format("  fix, {}: {}\n", remedy.where, remedy.action);
  if (!diagnosis.cost.empty()) text += clean_format("  its cost: {}\n", diagnosis.cost);
  return text;
}

}  // namespace

std::string describe(const CaseResult& result) {
  std::string text = headline(result) + "\n";
  if (!result.reason.empty()) text += clean_format("  {}\n", result.reason);
  for (const Finding& finding : result.findings)
    if (finding.outcome != Outcome::pass || finding.warning) text += lines_of(finding);
  if (result.forwarding == Outcome::fail && result.diagnosis) text += lines_of(*result.diagnosis);
  if (!result.folder.empty()) text += clean_format("  evidence: {}\n", result.folder);
  return text;
}

std::ostream& operator<<(std::ostream& stream, const CaseResult& result) {
  return stream << headline(result);
}

}  // namespace v0
}  // namespace offlab
