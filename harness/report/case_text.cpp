#include "report/case_text.h"

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"

namespace offlab {
namespace {

std::string finding_text(const Finding& finding) {
  std::string text =
      clean_format("{} {}{}: {}\n", finding.warning ? "warning" : to_string(finding.outcome),
                   finding.device.empty() ? "" : finding.device + " ", to_string(finding.invariant), finding.text);
  for (const EvidenceFrame& frame : finding.frames)
    text += clean_format("    {:.6f} s  {} #{}  {}\n", frame.seconds, frame.point, frame.number, frame.text);
  return text;
}

}  // namespace

std::string class_word(const CaseResult& one) {
  return std::string(one.fault_class ? to_string(*one.fault_class) : to_string(one.forwarding));
}

std::string case_headline(const CaseResult& one) {
  if (!one.reason.empty()) return clean_line(one.reason);
  const std::string goodput = goodput_words(one);
  return fmt::format("{}{}", class_word(one), goodput.empty() ? "" : ": goodput " + goodput);
}

std::vector<const Finding*> notable_findings(const CaseResult& one) {
  std::vector<const Finding*> findings;
  const auto add = [&](auto wanted) {
    for (const Finding& finding : one.findings)
      if (wanted(finding)) findings.push_back(&finding);
  };
  add([](const Finding& f) { return f.outcome == Outcome::fail && !f.warning; });
  add([](const Finding& f) { return f.outcome != Outcome::fail && f.outcome != Outcome::pass; });
  add([](const Finding& f) { return f.warning; });
  return findings;
}

std::string case_details(const CaseResult& one, std::size_t most_bytes) {
  std::string text;
  if (const std::string goodput = goodput_words(one); !goodput.empty()) text += fmt::format("goodput {}\n", goodput);
  if (!one.reason.empty()) text += clean_line(one.reason) + "\n";
  const std::vector<const Finding*> findings = notable_findings(one);
  std::size_t told = 0;
  for (const Finding* finding : findings) {
    const std::string more = finding_text(*finding);
    if (text.size() + more.size() > most_bytes) break;
    text += more;
    ++told;
  }
  if (told < findings.size()) text += fmt::format("{} more findings are in run.json\n", findings.size() - told);
  if (one.forwarding == Outcome::fail && one.diagnosis && !one.diagnosis->remedies.empty()) {
    std::string more = clean_format("what happens: {}\n", one.diagnosis->what);
    for (const Remedy& remedy : one.diagnosis->remedies)
      more += clean_format("fix, {}: {}\n", remedy.where, remedy.action);
    if (text.size() + more.size() <= most_bytes) text += more;
  }
  return text;
}

std::string goodput_words(const CaseResult& one) {
  if (!one.measured || !one.measured->goodput_bps) return "";
  const std::string goodput = to_string(BitRate{*one.measured->goodput_bps});
  if (!one.control || !one.control->goodput_bps) return goodput;
  return fmt::format("{} (control {})", goodput, to_string(BitRate{*one.control->goodput_bps}));
}

std::vector<std::string> judged_captures(const CaseResult& one) {
  constexpr std::string_view capture = ".pcapng";
  std::vector<std::string> captures;
  for (const std::string& path : one.artifacts)
    if (!one.leg.empty() && path.rfind(one.leg + "/", 0) == 0 && path.size() > capture.size() &&
        std::string_view(path).substr(path.size() - capture.size()) == capture)
      captures.push_back(path);
  return captures;
}

}  // namespace offlab
