#include "verdict/judge_captures.h"

#include <fmt/core.h>

#include "verdict/capture_proof.h"
#include "verdict/classify.h"
#include "verdict/invariants.h"

namespace offlab {
namespace {

bool needs_more_than_captures(const Finding& finding) {
  return needs_more_than_captures(row_of(finding.invariant));
}

// Without a control there is nothing to compare with.
std::vector<Invariant> judged_with_a_control() {
  std::vector<Invariant> all;
  for (const InvariantRow& row : invariant_rows())
    if (needs(row, Need::control)) all.push_back(row.id);
  return all;
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

// Data was sent again and again, and from then on nothing of it left the router and nobody was told.
bool has_stopped_forwarding(const LegEvidence& evidence, const CaptureSigns& signs,
                            const std::vector<Finding>& findings) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  return has_failed(findings, Invariant::liveness) && seen.has_egress && !signs.stall.seen_behind &&
         seen.frag_needed == 0 && signs.unquoted == 0 && evidence.leg.frag_fails.value_or(0) == 0;
}

// What is dropped in silence looks like what is refused by a router whose errors get lost, or were not captured.
void leave_silence_undecided(const LegEvidence& evidence, const CaptureSigns& signs, CaptureVerdict& verdict) {
  if (evidence.leg.frag_fails) return;
  verdict.undecided =
      "provided that the router counted no refused packet: if its FragFails grew, its errors were lost and it is "
      "pmtud-blackhole (--router-counters)";
  if (signs.icmp_frames > 0) return;
  verdict.classes.push_back(FaultClass::pmtud_blackhole);
  if (evidence.leg.capture->superframes > 0) {
    verdict.classes.push_back(FaultClass::lro_orphan_storm);
    if (evidence.leg.ingress_lro.value_or(true)) verdict.classes.push_back(FaultClass::wrong_gso_size);
  }
  verdict.undecided =
      "no ICMP is in the capture. On the router, read FragFails and the NIC's drop counters before and after a "
      "transfer: if FragFails grows it refuses packets, and its errors were filtered out or got lost; if it stays they "
      "are dropped in silence (silent-size-drop)";
}

// Without the state of LRO, packets that were refused without a size look like those whose size was guessed, unless the
// guess would have fitted.
void leave_undecided(const LegEvidence& evidence, const CaptureSigns& signs, FaultClass fault,
                     CaptureVerdict& verdict) {
  if (verdict.outcome == Outcome::inconclusive) return;
  if (fault == FaultClass::silent_size_drop) leave_silence_undecided(evidence, signs, verdict);
  const HopIntent& hop = evidence.device();
  if (fault != FaultClass::lro_orphan_storm || evidence.leg.ingress_lro ||
      hop.egress_mtu.bytes >= hop.ingress_mtu.bytes)
    return;
  verdict.classes.push_back(FaultClass::wrong_gso_size);
  verdict.undecided = "the guest LRO of the router's NIC tells: off is the first, on the second (--lro)";
}

}  // namespace

CaptureVerdict judge_captures(const LegEvidence& evidence, const CaptureSigns& signs) {
  CaptureVerdict verdict;
  verdict.findings = as_far_as_proven(judge_invariants(evidence), evidence, signs);
  verdict.not_judged = judged_with_a_control();
  verdict.outcome = outcome_of(verdict.findings);
  FaultClass fault = classify(evidence, verdict.findings);
  const bool stopped = (fault == FaultClass::unknown || fault == FaultClass::packet_loss) &&
                       has_stopped_forwarding(evidence, signs, verdict.findings);
  if (stopped) fault = FaultClass::silent_size_drop;
  // Nothing violated is not yet healthy where something could not be judged.
  if (verdict.outcome == Outcome::inconclusive)
    verdict.undecided = first_gap(verdict.findings);
  else
    verdict.classes = {fault};
  leave_undecided(evidence, signs, fault, verdict);
  if (stopped)
    verdict.undecided = fmt::format(
        "from {:.3f} s on nothing of what was retransmitted leaves the router, and no error is "
        "sent: it hangs, or it drops what it does not report. {}",
        signs.stall.begin, verdict.undecided);
  return verdict;
}

}  // namespace offlab
