#include "verdict/judge_captures.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "verdict/classify.h"

namespace offlab {
namespace {

// What no capture tells: counters of the router and its neighbours, settings, logs.
bool needs_more_than_captures(const Finding& finding) {
  constexpr std::array invariants = {Invariant::icmp_accounting, Invariant::integrity, Invariant::df_preserved,
                                     Invariant::state_held, Invariant::kernel_log};
  return std::find(invariants.begin(), invariants.end(), finding.invariant) != invariants.end();
}

Outcome outcome_of(const std::vector<Finding>& findings) {
  Outcome outcome = Outcome::pass;
  for (const Finding& finding : findings) {
    if (finding.outcome == Outcome::fail) return Outcome::fail;
    if (finding.outcome == Outcome::inconclusive && !needs_more_than_captures(finding)) outcome = Outcome::inconclusive;
  }
  return outcome;
}

// Why nothing was violated and it is not a pass all the same.
std::string first_gap(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (finding.outcome == Outcome::inconclusive && !needs_more_than_captures(finding))
      return fmt::format("nothing is violated, but {} cannot be judged: {}", to_string(finding.invariant),
                         finding.text);
  return {};
}

// Without the state of LRO, packets that were refused without a size look like those whose size was guessed, unless the
// guess would have fitted. And what is dropped in silence looks like what is refused by a router whose errors get lost.
void leave_undecided(const LegEvidence& evidence, FaultClass fault, CaptureVerdict& verdict) {
  if (fault == FaultClass::silent_size_drop && !evidence.leg.frag_fails)
    verdict.undecided =
        "provided that the router counted no refused packet: if its FragFails grew, its errors were lost and it is "
        "pmtud-blackhole (--router-counters)";
  const HopIntent& hop = evidence.device();
  if (fault != FaultClass::lro_orphan_storm || evidence.leg.ingress_lro ||
      hop.egress_mtu.bytes >= hop.ingress_mtu.bytes)
    return;
  verdict.classes.push_back(FaultClass::wrong_gso_size);
  verdict.undecided = "the guest LRO of the router's NIC tells: off is the first, on the second (--lro)";
}

}  // namespace

CaptureVerdict judge_captures(const LegEvidence& evidence) {
  CaptureVerdict verdict;
  verdict.findings = judge_invariants(evidence);
  verdict.outcome = outcome_of(verdict.findings);
  const FaultClass fault = classify(evidence, verdict.findings);
  // Nothing violated is not yet healthy where something could not be judged.
  if (verdict.outcome == Outcome::inconclusive)
    verdict.undecided = first_gap(verdict.findings);
  else
    verdict.classes = {fault};
  leave_undecided(evidence, fault, verdict);
  return verdict;
}

}  // namespace offlab
