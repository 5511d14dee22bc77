#include <fmt/core.h>

#include "base/units.h"
#include "verdict/invariant.h"

namespace offlab {
namespace {

// The fixed-byte transfer. One that did not come to its end says nothing about the content: what held it up is judged
// elsewhere.
Finding judge_stream(const LegEvidence& evidence, Finding finding) {
  if (!evidence.leg.stream) return inconclusive(finding.invariant, "the fixed-byte transfer was not recorded");
  const StreamMeasurement& stream = *evidence.leg.stream;
  if (!stream.complete)
    return inconclusive(finding.invariant, "the fixed-byte transfer did not finish: " + stream.trouble);
  const std::string size = to_string(ByteCount{stream.bytes});
  if (stream.equal) {
    finding.text += fmt::format("; {} arrived as they were sent (SHA-256 {:.8}...)", size, stream.sent_sha256);
    return finding;
  }
  finding.outcome = Outcome::fail;
  finding.value = 1;
  finding.text =
      fmt::format("{} did not arrive as they were sent: SHA-256 {:.8}... at the sender, {:.8}... at the receiver", size,
                  stream.sent_sha256, stream.received_sha256);
  return finding;
}

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& leg = evidence.leg;
  const std::uint64_t headers = leg.capture->forwarding.bad_checksums;
  const std::uint64_t segments = leg.checksum_errors.value_or(0);
  finding.value = static_cast<double>(headers + segments);
  if (headers > 0 || segments > 0) {
    finding.outcome = Outcome::fail;
    finding.text =
        fmt::format("{} IP headers left the router with a wrong checksum, the receiver found {} wrong TCP checksums",
                    headers, segments);
    finding.frames = evidence_of(*leg.capture, finding.invariant);
    return finding;
  }
  if (!leg.checksum_errors) return inconclusive(finding.invariant, "the receiver's TCP counters are missing");
  if (const std::string gap = egress_gap(leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text = "every IP header checksum is right, the receiver found no wrong TCP checksum";
  // A control has no fixed-byte transfer.
  if (evidence.intent.integrity_bytes == 0 || evidence.control == nullptr) return finding;
  return judge_stream(evidence, std::move(finding));
}

}  // namespace

InvariantRow integrity_row() {
  return {.id = Invariant::integrity,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture, Need::counters, Need::stream},
          .blind_inside = {{.point = &HopIntent::egress, .hidden = Hidden::seen_again, .tells_passes = true}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when =
              "every IP header checksum at B is right, the receiver counts no wrong TCP checksum, and the bytes of the "
              "fixed-byte transfer arrive unchanged"};
}

}  // namespace offlab
