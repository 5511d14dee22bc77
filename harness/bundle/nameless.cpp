#include "bundle/nameless.h"

#include <fmt/format.h>

#include "measure/sections.h"
#include "verdict/diagnosis.h"

namespace offlab {

std::string role_word(const LegIntent& intent, const std::string& node) {
  if (node == intent.flow.from) return "sender";
  if (node == intent.flow.to) return "receiver";
  for (std::size_t i = 0; i < intent.hops.size(); ++i)
    if (intent.hops[i].hop.router == node) return i == 0 ? "router" : fmt::format("router-{}", i + 1);
  return "";
}

CaseResult nameless(CaseResult result, const JudgedCaptures& captures) {
  result.id = "anonymised";
  result.axes.clear();
  result.reason.clear();
  result.device.clear();
  result.devices.clear();
  result.findings = captures.verdict.findings;
  if (result.diagnosis) {  // without the names of taps
    const auto layer = result.diagnosis->layer;
    result.diagnosis = diagnose(*result.fault_class);
    result.diagnosis->layer = layer;
  }
  return result;
}

LegObservation nameless(const LegObservation& seen, const LegIntent& intent) {
  LegObservation bare;
  for (const auto& [from, to] : {std::pair{&seen.before, &bare.before}, std::pair{&seen.after, &bare.after}})
    for (const auto& [node, text] : from->nodes) {
      const std::string role = role_word(intent, node);
      if (role.empty()) continue;
      std::string shown;
      for (const auto& [name, section] : parse_sections(text))
        if (name.rfind("/proc/net/", 0) == 0) shown += fmt::format("==> {} <==\n{}", name, section);
      to->nodes[role] = shown + "==> end <==\n";
    }
  return bare;
}

}  // namespace offlab
