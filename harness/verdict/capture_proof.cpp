#include "verdict/capture_proof.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/number_words.h"
#include "verdict/classify.h"

namespace offlab {
namespace {

// Why a finding is less than it seems, and what it is instead.
struct Doubt {
  enum class Kind { none, not_known, not_the_router };
  Kind kind = Kind::none;
  std::string why = {};
};

Doubt not_known(std::string why) {
  return {Doubt::Kind::not_known, std::move(why)};
}

Doubt not_the_router(std::string why) {
  return {Doubt::Kind::not_the_router, std::move(why)};
}

struct Proof {
  const LegEvidence& evidence;
  const CaptureSigns& signs;
  bool refused_wrongly = false;  // an error about packets that fitted: only a router sends it
  bool lost_inside = false;      // data came to the router, did not leave it, and was sent again

  const CaptureMeasurements& seen() const { return *evidence.leg.capture; }
  bool has_returns() const { return signs.returned_before + signs.returned_behind > 0; }
  // Errors of which nobody can tell what they are about.
  bool has_unclear_errors() const {
    return signs.unquoted + seen().untraced > 0 && seen().bogus == 0 && seen().honest == 0;
  }
};

bool has_lost_many(const CaptureMeasurements& seen) {
  constexpr double many = 0.05;
  constexpr std::uint64_t enough = 10;
  const Passage all = totals_of(seen.forwarding.passages).all();
  return drops_by_size(seen.forwarding.passages) ||
         (all.lost >= enough && static_cast<double>(all.lost) >= many * static_cast<double>(all.sent));
}

constexpr const char* one_direction = "no packet of the receiver is in the captures";
constexpr const char* unclear_errors =
    "what was lost may have been refused: \"fragmentation needed\" errors were captured, but not what they are about";

// Why nothing can be said about packets that were not seen leaving.
Doubt doubt_about_losses(const Proof& proof) {
  if (!proof.has_returns()) return not_known(one_direction);
  if (proof.signs.forth_behind == 0) return not_known("no packet of the sender is in the capture behind the router");
  if (proof.has_unclear_errors()) return not_known(unclear_errors);
  return {};
}

Doubt doubt_about_coverage(const Proof& proof) {
  if (Doubt doubt = doubt_about_losses(proof); doubt.kind != Doubt::Kind::none) return doubt;
  if (proof.signs.sent_again == 0) return not_known("the sender sent none of it again, so that it may have arrived");
  constexpr std::uint64_t enough_frames = 10;
  constexpr std::uint64_t enough_lost = 3;
  if (proof.seen().data_frames < enough_frames || totals_of(proof.seen().forwarding.passages).all().lost < enough_lost)
    return not_known(fmt::format("{} frames are too few to tell", proof.seen().data_frames));
  return {};
}

Doubt doubt_about_liveness(const Proof& proof) {
  const Stall& stall = proof.signs.stall;
  if (proof.refused_wrongly) return {};
  if (!proof.has_returns()) return not_known(one_direction);
  if (!proof.seen().has_egress)
    return not_known("it was lost somewhere behind this capture; a capture on the router's other side tells where");
  if (Doubt doubt = doubt_about_losses(proof); doubt.kind != Doubt::Kind::none) return doubt;
  if (stall.seen_behind)
    return not_the_router("the data left the router: it, or its acknowledgement, was lost beyond it");
  if (stall.sent_again < 2) return not_known("it was retransmitted only once");
  return {};
}

Doubt doubt_about_amplification(const Proof& proof) {
  if (proof.refused_wrongly || proof.lost_inside) return {};
  if (!proof.seen().has_egress) return not_known("one capture does not tell where the retransmitted packets got lost");
  if (Doubt doubt = doubt_about_losses(proof); doubt.kind != Doubt::Kind::none) return doubt;
  return not_the_router("what the sender retransmitted was not lost in the router");
}

Doubt doubt_about_fragments(const Proof& proof) {
  const CaptureMeasurements& seen = proof.seen();
  const bool all_without_df = seen.data_frames > 0 && seen.data_without_df == seen.data_frames;
  if (seen.egress_fragments == 0) return not_known("the captured packets may not be the ones that were fragmented");
  if (all_without_df && seen.superframes == 0)
    return not_the_router("the sender sends without DF, so that the router may cut what is too long");
  return {};
}

Doubt doubt_about_checksums(const Proof& proof) {
  constexpr double nearly_all = 0.9;
  const CaptureMeasurements& seen = proof.seen();
  if (static_cast<double>(seen.forwarding.bad_checksums) >= nearly_all * static_cast<double>(seen.egress_data_frames))
    return not_known("nearly all are wrong: they were captured before the NIC filled them in");
  return {};
}

Doubt doubt_about_violation(const Finding& finding, const Proof& proof) {
  constexpr std::uint64_t least_ordinary_segment = 1000;
  switch (finding.invariant) {
    case Invariant::coverage:
      return doubt_about_coverage(proof);
    case Invariant::forwarding_loss:
      return not_the_router(
          "two captures do not show whether the router lost them, or something between it and the capture points");
    case Invariant::liveness:
      return doubt_about_liveness(proof);
    case Invariant::amplification:
      return doubt_about_amplification(proof);
    case Invariant::df_preserved:
      return doubt_about_fragments(proof);
    case Invariant::integrity:
      return doubt_about_checksums(proof);
    case Invariant::mss_respected:
      if (proof.seen().forwarding.announced_segment.value_or(0) < least_ordinary_segment)
        return not_known("packets may have been coalesced where they were captured");
      return {};
    case Invariant::pmtud_convergence:
      if (finding.value.value_or(0) < 3) return not_known("that is too little to be sure");
      return {};
    case Invariant::header_transparency:
      return not_the_router("firewalls and traffic shapers do that on purpose");
    case Invariant::duplicates:
      return not_the_router("the capture may have copied them");
    default:
      return {};
  }
}

// Of what seems to hold.
Doubt doubt_about_holding(const Finding& finding, const Proof& proof) {
  if (finding.invariant == Invariant::bogus_frag_needed && proof.signs.unquoted > 0)
    return not_known(fmt::format(
        "{} \"fragmentation needed\" errors to the sender are cut off before the sequence number that they quote",
        proof.signs.unquoted));
  return {};
}

// With the frame and the time; a pause is none.
std::string liveness_words(const CaptureSigns& signs) {
  const Stall& stall = signs.stall;
  constexpr double worth_a_word = 0.05;
  if (stall.sent_again > 0)
    return fmt::format(
        "{:.2f} s without a new acknowledgement, from {:.3f} s (frame {}) on, while {} bytes were retransmitted {}",
        stall.seconds, stall.begin, stall.number, stall.bytes, times_words(stall.sent_again));
  std::string text = "there was no stall in which the sender had to send again";
  if (signs.pause.seconds > worth_a_word)
    text += fmt::format("; the longest pause was {:.2f} s{}", signs.pause.seconds,
                        signs.pause.window_closed ? ", the receiver's window was closed" : "");
  return text;
}

// Of captures alone nobody expects more; "could not be read" would sound like a failure.
std::string what_is_missing(const Finding& finding, const CaptureMeasurements& seen) {
  if (finding.invariant == Invariant::state_held) return "the settings of NICs were not given";
  if (finding.invariant == Invariant::kernel_log) return "kernel logs were not given";
  const bool is_about_data = finding.text.rfind("no data", 0) == 0;
  return is_about_data && seen.data_frames == 0 ? "the capture before the router has no data of the flow"
                                                : finding.text;
}

Finding with_doubt(Finding finding, const Doubt& doubt) {
  if (doubt.kind == Doubt::Kind::none) return finding;
  const bool held = finding.outcome == Outcome::pass;
  finding.outcome = doubt.kind == Doubt::Kind::not_known ? Outcome::inconclusive : Outcome::pass;
  finding.warning = doubt.kind == Doubt::Kind::not_the_router;
  finding.text = held ? doubt.why : finding.text + "; " + doubt.why;
  return finding;
}

}  // namespace

std::vector<Finding> as_far_as_proven(std::vector<Finding> findings, const LegEvidence& evidence,
                                      const CaptureSigns& signs) {
  if (!evidence.leg.capture) return findings;
  Proof proof{evidence, signs};
  proof.refused_wrongly = has_failed(findings, Invariant::bogus_frag_needed);
  for (Finding& finding : findings)
    if (finding.outcome == Outcome::inconclusive) finding.text = what_is_missing(finding, *evidence.leg.capture);
  for (Finding& finding : findings)  // first what others depend on
    if (finding.invariant == Invariant::coverage && finding.outcome == Outcome::fail)
      finding = with_doubt(std::move(finding), doubt_about_coverage(proof));
  proof.lost_inside = has_failed(findings, Invariant::coverage) ||
                      (evidence.leg.capture->has_egress && doubt_about_losses(proof).kind == Doubt::Kind::none &&
                       has_lost_many(*evidence.leg.capture));
  for (Finding& finding : findings) {
    if (finding.invariant == Invariant::liveness && finding.outcome != Outcome::inconclusive)
      finding.text = liveness_words(signs);
    Doubt doubt;
    if (finding.outcome == Outcome::fail) doubt = doubt_about_violation(finding, proof);
    if (finding.outcome == Outcome::pass) doubt = doubt_about_holding(finding, proof);
    finding = with_doubt(std::move(finding), doubt);
  }
  return findings;
}

}  // namespace offlab
