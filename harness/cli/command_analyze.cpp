#include <iostream>

#include <fmt/core.h>

#include "base/usage_error.h"
#include "cli/commands.h"
#include "record/analysis_json.h"
#include "report/analysis.h"
#include "runner/analyze_captures.h"
#include "verdict/diagnosis.h"

namespace offlab {
namespace {

AssumedRouter router_of(const AnalyzeOptions& options) {
  AssumedRouter router;
  if (!options.lro.empty()) router.lro = options.lro == "on";
  if (options.ingress_mtu != 0) router.ingress_mtu = options.ingress_mtu;
  if (options.egress_mtu != 0) router.egress_mtu = options.egress_mtu;
  return router;
}

ForeignEvidence evidence_of(const AnalyzeOptions& options) {
  ForeignEvidence evidence;
  evidence.first = {options.files.at(0)};
  if (options.files.size() > 1) evidence.second = {options.files[1]};
  const auto add = [&](const char* node, const std::vector<std::string>& files) {
    if (files.size() == 2) evidence.counters[node] = {files[0], files[1]};
  };
  add("router", options.router_counters);
  add("sender", options.sender_counters);
  add("receiver", options.receiver_counters);
  return evidence;
}

std::string words_of(const FlowKey& flow) {
  return fmt::format("{} port {} > {} port {}", to_string(flow.source), flow.source_port, to_string(flow.destination),
                     flow.destination_port);
}

std::vector<std::string> assumptions_of(const JudgedCaptures& judged, const AssumedRouter& router) {
  std::vector<std::string> all;
  const HopIntent& hop = judged.intent.hops.at(0);
  if (!judged.egress) all.emplace_back("the capture is from before the router, on the sender's side");
  if (!router.ingress_mtu)
    all.push_back(fmt::format("the router's MTU towards the sender is {} (--ingress-mtu)", hop.ingress_mtu.bytes));
  if (!router.egress_mtu)
    all.push_back(fmt::format("its MTU towards the receiver is {} (--egress-mtu)", hop.egress_mtu.bytes));
  if (judged.measured.capture->sizes_unknown)
    all.emplace_back(
        "long frames are cut at the receiver's MSS, or as the sender's other packets (\"if cut at\"): the capture does "
        "not say");
  if (!judged.cut_off.empty()) all.push_back("read up to there: " + judged.cut_off);
  return all;
}

}  // namespace

int analyze_command(const AnalyzeOptions& options) {
  const AssumedRouter router = router_of(options);
  const JudgedCaptures judged = as_usage([&] { return analyze_captures(evidence_of(options), router); });
  CaptureAnswer answer;
  answer.flow = words_of(judged.flow);
  answer.files.push_back(judged.ingress);
  if (judged.egress && !judged.both_in_one) answer.files.push_back(*judged.egress);
  answer.assumptions = assumptions_of(judged, router);
  answer.findings = judged.verdict.findings;
  answer.not_judged = judged.verdict.not_judged;
  answer.measured = judged.measured;
  answer.outcome = judged.verdict.outcome;
  answer.classes = judged.verdict.classes;
  answer.undecided = judged.verdict.undecided;
  if (answer.outcome == Outcome::fail)
    for (const FaultClass fault : answer.classes) answer.diagnoses.push_back({fault, diagnose(fault)});
  std::cout << (options.json ? json_answer(answer) : console_answer(answer));
  return exit_code(answer.outcome);
}

}  // namespace offlab
