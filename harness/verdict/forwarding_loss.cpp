#include <algorithm>

#include <fmt/format.h>

#include "verdict/classify.h"
#include "verdict/filled_queue.h"
#include "verdict/invariant.h"
#include "verdict/lost_sizes.h"

namespace offlab {
namespace {

// One lost packet among a few hundred says nothing about the next thousand.
constexpr std::uint64_t enough = 5;

// A ring that loses more than that is too small for what comes.
constexpr double most_of_a_full_ring = 0.03;

std::uint64_t dropped_by(const LegMeasurements& leg, DropKind kind) {
  std::uint64_t sum = 0;
  for (const DropCounter& one : leg.drops)
    if (one.kind == kind) sum += one.packets;
  return sum;
}

// The counters that grew most.
std::string counters_of(const LegMeasurements& leg) {
  constexpr std::size_t most = 5;
  std::vector<std::string> words;
  for (const DropCounter& one : leg.drops)
    if (words.size() < most) words.push_back(fmt::format("{} {}", one.what, one.packets));
  for (const std::string& error : leg.nic_errors)
    if (words.size() < most) words.push_back(error);
  return words.empty() ? "" : fmt::format("; counters that grew meanwhile: {}", fmt::join(words, ", "));
}

// A transfer that did not begin: whose SYNs the router kept.
Finding judge_without_data(const LegEvidence& evidence, Finding finding) {
  const HandshakeMeasurements& seen = evidence.leg.capture->handshakes;
  const auto kept = [&](const char* what, std::uint64_t in, std::uint64_t out) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format("no connection was set up: {} {} came to the router, {} left it{}", in, what, out,
                               counters_of(evidence.leg));
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
    return finding;
  };
  if (seen.requests_lost > 0) return kept("SYN segments", seen.requests_in, seen.requests_out);
  if (seen.answers_lost > 0) return kept("SYN, ACK segments", seen.answers_in, seen.answers_out);
  if (seen.requests_out > 0 && seen.answers_in == 0)
    return inconclusive(finding.invariant,
                        fmt::format("no connection was set up: {} SYN segments left the router, and no answer came",
                                    seen.requests_out));
  return inconclusive(finding.invariant, "no data frame reached the router");
}

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& leg = evidence.leg;
  const CaptureMeasurements& seen = *leg.capture;
  if (!seen.has_egress) return inconclusive(finding.invariant, egress_gap(leg));
  if (const std::string gap = capture_gap(leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  if (seen.data_frames == 0) return judge_without_data(evidence, std::move(finding));
  const Passage all = totals_of(seen.forwarding.passages).all();
  // What was refused with an error is another invariant's.
  const std::uint64_t refused = std::max(seen.frag_needed, leg.frag_fails.value_or(0));
  const std::uint64_t kept = all.lost - std::min(all.lost, refused);
  if (all.sent == 0) return inconclusive(finding.invariant, "it is not known of any frame whether it left");
  // Where the device is the slowest part of the way, TCP fills the queue in front of it until that drops: not more than
  // it takes to slow down.
  const std::uint64_t found_full = std::min(kept, dropped_by(leg, DropKind::receive_queue));
  const std::uint64_t lost = kept - found_full;
  const auto share = [&](std::uint64_t part) { return static_cast<double>(part) / static_cast<double>(all.sent); };
  finding.value = share(lost);
  finding.text = fmt::format("{} of {} frames that came to the router did not leave it ({:.2f} %)", kept, all.sent,
                             share(kept) * 100);
  if (const std::uint64_t excused = all.lost - kept; excused > 0)
    finding.text += fmt::format(", not counting {} that it refused with an error", excused);
  if (kept == 0) return finding;
  finding.text += ": " + sizes_of_lost(seen.forwarding.passages) + counters_of(leg);
  if (share(kept) <= *finding.limit) return finding;
  finding.frames = evidence_of(seen, finding.invariant);
  if (share(kept) > most_of_a_full_ring) {
    finding.value = share(kept);
  } else if (*finding.value <= *finding.limit) {
    finding.warning = true;
    finding.text += "; the receive queue was full: the router is the slowest part of the way";
    finding.frames.clear();
    return finding;
  }
  constexpr double nearly = 0.8;
  if (const DropCounter* queue = filled_queue(leg, nearly * static_cast<double>(lost))) {
    finding.warning = true;
    finding.text += "; " + words_about_filled(*queue);
  } else if (kept < enough) {
    finding.warning = true;
    finding.text += fmt::format("; fewer than {} are too few for a rate", enough);
  } else {
    finding.outcome = Outcome::fail;
  }
  return finding;
}

}  // namespace

InvariantRow forwarding_loss_row() {
  return {.id = Invariant::forwarding_loss,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .blind_inside = blind_to_losses(),
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = file_limit(Invariant::forwarding_loss),
          .violation = Violation::fail,
          .holds_when =
              "at most this share of the frames that came in at A did not leave at B; a lost frame counts even if its "
              "retransmission left. Refused packets are not counted. It is only a warning where the traffic fills the "
              "rate of the queue that dropped the frames, where a full receive queue explains the loss (up to 3 %), "
              "and where fewer than five frames were lost. The router loses no SYN"};
}

}  // namespace offlab
