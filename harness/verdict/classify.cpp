#include "verdict/classify.h"

#include <algorithm>

namespace offlab {
namespace {

// Refused packets whose segment size the driver had to guess: longer than the ingress MTU while LRO was on. All others
// reached the router's IP layer with no size at all.
FaultClass class_of_refusals(const LegEvidence& evidence, const std::vector<Finding>& findings) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  const bool lro = evidence.leg.ingress_lro.value_or(evidence.device().ingress_lro);
  const std::uint64_t guessed = lro ? seen.refused_longer_than_ingress_mtu + seen.refused_cut_anew : 0;
  if (guessed * 2 <= seen.bogus) return FaultClass::lro_orphan_storm;
  // A guess by the ingress MTU fits an equal one: these were on their way when LRO was switched behind one's back.
  const bool fits = seen.smallest_advertised_mtu >= evidence.device().ingress_mtu.bytes;
  return fits && has_failed(findings, Invariant::state_held) ? FaultClass::unknown : FaultClass::wrong_gso_size;
}

// Part of what came in did not go out.
bool loses_data(const LegMeasurements& leg) {
  constexpr double enough = 0.98;
  return leg.capture && leg.capture->data_payload_bytes > 0 &&
         static_cast<double>(leg.capture->egress_payload_bytes) <
             enough * static_cast<double>(leg.capture->data_payload_bytes);
}

// What else became of packets that were not refused.
FaultClass class_of_passage(const std::vector<Finding>& findings) {
  if (has_failed(findings, Invariant::forwarding_loss)) return FaultClass::packet_loss;
  return has_failed(findings, Invariant::reordering) ? FaultClass::reordering : FaultClass::unknown;
}

// Packets that were not refused, and what became of them.
FaultClass class_of_silence(const LegEvidence& evidence, const std::vector<Finding>& findings) {
  const LegMeasurements& leg = evidence.leg;
  if (leg.frag_creates.value_or(0) > 0 || leg.capture->egress_fragments > 0) return FaultClass::silent_refragmentation;
  if (leg.checksum_errors.value_or(0) > 0) return FaultClass::checksum_leak;
  if (leg.capture->has_egress && (drops_by_size(leg.capture->forwarding.passages) || drops_merged_inside(leg)))
    return FaultClass::silent_size_drop;
  if (!has_failed(findings, Invariant::coverage) &&
      (has_failed(findings, Invariant::mss_respected) || has_failed(findings, Invariant::segment_boundaries)))
    return FaultClass::resegmentation;
  return class_of_passage(findings);
}

// Nearly all errors about refused packets did not reach the sender.
bool lost_its_errors(const LegMeasurements& leg, std::uint64_t refused) {
  constexpr std::uint64_t few = 10;
  return leg.frag_needed_sender && *leg.frag_needed_sender * few <= refused;
}

double lost_share(const Passage& sum) {
  return static_cast<double>(sum.lost) / static_cast<double>(sum.sent);
}

}  // namespace

PassageTotals totals_of(const std::vector<Passage>& passages) {
  PassageTotals totals;
  for (const Passage& one : passages) {
    Passage& sum = one.longest == 0 ? totals.coalesced : totals.single;
    sum.sent += one.sent;
    sum.lost += one.lost;
  }
  return totals;
}

bool drops_by_size(const std::vector<Passage>& passages) {
  constexpr double nearly_all = 0.8;
  constexpr double nearly_none = 0.05;
  constexpr std::uint64_t enough = 3;
  Passage below;
  Passage above = totals_of(passages).all();
  for (const Passage& one : passages) {
    below.sent += one.sent;
    below.lost += one.lost;
    above.sent -= one.sent;
    above.lost -= one.lost;
    if (above.sent >= enough && lost_share(above) >= nearly_all && below.sent > 0 && lost_share(below) <= nearly_none)
      return true;
  }
  return false;
}

bool drops_merged_inside(const LegMeasurements& leg) {
  if (!leg.capture) return false;
  const ForwardingMeasurements& seen = leg.capture->forwarding;
  constexpr double most = 0.6;  // a burst may come in two parts, of which one is a packet alone
  constexpr double some = 0.05;
  constexpr double few = 0.1;
  constexpr std::uint64_t enough = 5;
  const Passage single = totals_of(seen.passages).single;
  const Passage& bursts = seen.in_bursts;
  const Passage alone{0, single.sent - std::min(single.sent, bursts.sent),
                      single.lost - std::min(single.lost, bursts.lost)};
  if (bursts.sent < enough || alone.sent < enough) return false;
  const bool by_rule = std::any_of(leg.drops.begin(), leg.drops.end(), [&](const DropCounter& one) {
    return (one.kind == DropKind::rule || one.what.find("NETFILTER_DROP") != std::string::npos) &&
           4 * one.packets >= bursts.lost;
  });
  return lost_share(bursts) >= (by_rule ? some : most) && lost_share(alone) <= few * lost_share(bursts);
}

FaultClass classify(const LegEvidence& evidence, const std::vector<Finding>& findings) {
  const LegMeasurements& leg = evidence.leg;
  const bool failed =
      std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.outcome == Outcome::fail; });
  if (!failed) return leg.capture && leg.capture->honest > 0 ? FaultClass::legit_pmtud : FaultClass::healthy;
  if (!leg.capture) return FaultClass::unknown;
  if (leg.capture->data_frames == 0 && has_failed(findings, Invariant::forwarding_loss))
    return FaultClass::no_connection;
  if (leg.capture->handshakes.resets_made > 0) return FaultClass::connection_reset;
  const std::uint64_t refused = leg.frag_fails.value_or(leg.capture->frag_needed);
  if (refused > 0 && lost_its_errors(leg, refused)) return FaultClass::pmtud_blackhole;
  // Errors on the wire that the router has not counted are not the router's.
  if (leg.capture->bogus > 0)
    return refused > 0 && leg.frag_needed_router.value_or(1) > 0 ? class_of_refusals(evidence, findings)
                                                                 : FaultClass::unknown;
  if (!leg.frag_fails && leg.capture->honest > 0 && has_failed(findings, Invariant::pmtud_convergence))
    return FaultClass::pmtud_blackhole;
  if (refused == 0 && leg.capture->frag_needed == 0) return class_of_silence(evidence, findings);
  // Below the smallest path MTU that a sender takes for true it sends without DF, and the router cuts.
  if (leg.capture->honest > 0 && has_failed(findings, Invariant::df_preserved))
    return FaultClass::silent_refragmentation;
  return class_of_passage(findings);
}

Classification classify_path(const std::vector<LegEvidence>& devices, const std::vector<Finding>& findings) {
  std::optional<std::size_t> losing;
  FaultClass fault = FaultClass::healthy;
  for (std::size_t hop = 0; hop < devices.size(); ++hop) {
    const FaultClass here = classify(devices[hop], findings);
    if (here == FaultClass::legit_pmtud) fault = here;
    if (here == FaultClass::healthy || here == FaultClass::legit_pmtud) continue;
    fault = here;
    if (fault != FaultClass::unknown) return {fault, hop};
    if (!losing && loses_data(devices[hop].leg)) losing = hop;
  }
  return {fault, losing};
}

}  // namespace offlab
