#include <iostream>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/usage_error.h"
#include "report/analysis.h"
#include "runner/analyze_captures.h"

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
  evidence.first = options.files.at(0);
  if (options.files.size() > 1) evidence.second = options.files[1];
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

// Why nothing was violated and it is not a pass all the same.
std::string first_gap(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (finding.outcome == Outcome::inconclusive && !needs_more_than_captures(finding))
      return fmt::format("nothing is violated, but {} cannot be judged: {}", finding.invariant, finding.text);
  return {};
}

// Without the state of LRO, packets that were refused without a size look like those whose size was guessed, unless the
// guess would have fitted. And what is dropped in silence looks like what is refused by a router whose errors get lost.
void leave_undecided(const JudgedCaptures& judged, const AssumedRouter& router, CaptureAnswer& answer) {
  if (judged.fault_class == FaultClass::silent_size_drop && !judged.measured.frag_fails)
    answer.undecided =
        "provided that the router counted no refused packet: if its FragFails grew, its errors were lost and it is "
        "pmtud-blackhole (--router-counters)";
  const HopIntent& hop = judged.intent.hops.at(0);
  if (judged.fault_class != FaultClass::lro_orphan_storm || router.lro || hop.egress_mtu.bytes >= hop.ingress_mtu.bytes)
    return;
  answer.classes.push_back(FaultClass::wrong_gso_size);
  answer.undecided = "the guest LRO of the router's NIC tells: off is the first, on the second (--lro)";
}

}  // namespace

int analyze_command(const AnalyzeOptions& options) {
  const AssumedRouter router = router_of(options);
  const JudgedCaptures judged = as_usage([&] { return analyze_captures(evidence_of(options), router); });
  CaptureAnswer answer;
  answer.flow = words_of(judged.flow);
  answer.files.push_back(judged.ingress.string());
  if (judged.egress) answer.files.push_back(judged.egress->string());
  answer.assumptions = assumptions_of(judged, router);
  answer.findings = judged.findings;
  answer.measured = judged.measured;
  answer.outcome = judged.outcome;
  // Nothing violated is not yet healthy where something could not be judged.
  if (judged.outcome == Outcome::fail || judged.outcome == Outcome::pass) answer.classes = {judged.fault_class};
  if (judged.outcome == Outcome::inconclusive) answer.undecided = first_gap(judged.findings);
  leave_undecided(judged, router, answer);
  std::cout << (options.json ? json_answer(answer) : console_answer(answer));
  return exit_code(answer.outcome);
}

}  // namespace offlab
