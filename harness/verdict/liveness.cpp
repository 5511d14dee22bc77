#include <fmt/core.h>

#include "base/number_words.h"
#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  finding.value = seen.longest_stall_seconds;
  finding.text = fmt::format("the longest time without a new acknowledgement was {:.2f} s", seen.longest_stall_seconds);
  if (const HandshakeMeasurements& handshakes = seen.handshakes; handshakes.resets_made > 0) {
    finding.outcome = Outcome::fail;
    finding.text =
        fmt::format("the router sent {} of its own, which had not come in, the first after {} acknowledged bytes",
                    count_of(handshakes.resets_made, "RST", "RSTs"), handshakes.reset_after_bytes);
    finding.frames = evidence_of(seen, finding.invariant);
    return finding;
  }
  if (const std::string gap = acknowledgement_gap(seen); !gap.empty()) return inconclusive(finding.invariant, gap);
  if (const std::string gap = capture_gap(evidence.leg); !gap.empty())
    return inconclusive(finding.invariant, finding.text + "; " + gap);
  if (*finding.value < *finding.limit) return finding;
  // A retransmission waits for what the receiver dropped, however well the router forwards.
  if (const std::uint64_t dropped = evidence.leg.dropped_by_receiver.value_or(0); dropped > 0)
    return inconclusive(finding.invariant,
                        fmt::format("{}; the receiver had no memory for {} segments that reached it (TCPRcvQDrop)",
                                    finding.text, dropped));
  finding.outcome = Outcome::fail;
  return finding;
}

}  // namespace

InvariantRow liveness_row() {
  return {.id = Invariant::liveness,
          .judge = judge,
          .needs = {Need::captures},
          .scope = InvariantScope::whole_flow,
          .kind = InvariantKind::structural,
          .limit = file_limit(Invariant::liveness),
          .violation = Violation::fail,
          .holds_when =
              "while data is outstanding, a new acknowledgement comes within this time, and the router sends no RST of "
              "its own. Inconclusive where the receiver dropped segments for want of memory"};
}

}  // namespace offlab
