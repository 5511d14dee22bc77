// What SYN and RST segments on both sides of a router say, in a recorded leg that was changed in one way.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "capture/frame_edit.h"
#include "measure/capture_analysis.h"
#include "unit/recorded_run.h"
#include "verdict/invariants.h"

namespace offlab {
namespace {

using Frames = std::vector<StoredFrame>;

CaptureMeasurements analyse(const RecordedLeg& leg) {
  FrameList in(leg.ingress);
  FrameList out(leg.egress);
  CaptureAnalysis analysis(leg.intent, leg.intent.hops.at(0), Connections::begun_in_capture);
  analysis.read(&in, &out);
  return analysis.take();
}

// The receiver connects: its SYN comes in where the data leaves.
RecordedLeg changed(const std::function<void(RecordedLeg&)>& change) {
  RecordedLeg leg = recorded_leg("hypervisor-lro");
  change(leg);
  return leg;
}

bool is_request(const StoredFrame& frame) {
  return is_syn(frame) && (frame.bytes.at(at_tcp_flags) & 0x10U) == 0;
}

void keep(Frames& frames, const std::function<bool(const StoredFrame&)>& wanted) {
  std::erase_if(frames, [&](const StoredFrame& frame) { return !wanted(frame); });
}

Finding judged(Invariant invariant, const RecordedLeg& leg) {
  LegMeasurements measured = recorded_measurements("hypervisor-lro");
  measured.capture = analyse(leg);
  measured.frag_fails = 0;
  return judge_invariant(row_of(invariant), {leg.intent, measured, nullptr, "", recorded_plan().measure});
}

TEST(Handshakes, OfARecordedLegAreWhole) {
  const HandshakeMeasurements seen = analyse(recorded_leg("hypervisor-lro")).handshakes;
  EXPECT_GT(seen.requests_in, 0U);
  EXPECT_EQ(seen.requests_out, seen.requests_in);
  EXPECT_EQ(seen.answers_in, seen.requests_in);
  EXPECT_EQ(seen.answers_out, seen.requests_in);
  EXPECT_EQ(seen.requests_lost + seen.answers_lost + seen.changed_options + seen.resets_made, 0U);
}

TEST(Handshakes, ARequestThatNeverLeavesIsNoConnection) {
  const RecordedLeg leg = changed([](RecordedLeg& one) {
    keep(one.egress, is_request);
    keep(one.ingress, [](const StoredFrame&) { return false; });
  });
  const HandshakeMeasurements seen = analyse(leg).handshakes;
  EXPECT_EQ(seen.requests_lost, seen.requests_in);
  EXPECT_EQ(seen.requests_out, 0U);
  const Finding finding = judged(Invariant::forwarding_loss, leg);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.text.find("no connection was set up"), std::string::npos) << finding.text;
  EXPECT_FALSE(finding.frames.empty());
}

TEST(Handshakes, AnAnswerThatNeverLeavesIsNoConnection) {
  const RecordedLeg leg = changed([](RecordedLeg& one) {
    keep(one.egress, is_request);
    keep(one.ingress, is_syn);
  });
  const HandshakeMeasurements seen = analyse(leg).handshakes;
  EXPECT_EQ(seen.requests_lost, 0U);
  EXPECT_EQ(seen.answers_lost, seen.answers_in);
  EXPECT_EQ(judged(Invariant::forwarding_loss, leg).outcome, Outcome::fail);
}

// The other end is not there.
TEST(Handshakes, ARequestThatNobodyAnswersIsNotTheRouters) {
  const RecordedLeg leg = changed([](RecordedLeg& one) {
    keep(one.egress, is_request);
    keep(one.ingress, is_request);
  });
  EXPECT_EQ(judged(Invariant::forwarding_loss, leg).outcome, Outcome::inconclusive);
}

TEST(Handshakes, AnOptionThatIsGoneIsAChangedHeader) {
  const RecordedLeg leg = changed([](RecordedLeg& one) {
    for (StoredFrame& frame : one.ingress)
      if (is_request(frame))
        for (std::size_t at = at_options; at + 3 <= frame.bytes.size(); ++at)
          if (frame.bytes[at] == 3 && frame.bytes[at + 1] == 3) std::fill_n(&frame.bytes[at], 3, 1);
  });
  const HandshakeMeasurements seen = analyse(leg).handshakes;
  EXPECT_EQ(seen.changed_options, seen.requests_in);
  const Finding finding = judged(Invariant::header_transparency, leg);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.text.find("window scaling option"), std::string::npos) << finding.text;
}

// A clamp is what routers are asked for.
TEST(Handshakes, AnotherSegmentSizeIsNoChangedHeader) {
  const RecordedLeg leg = changed([](RecordedLeg& one) {
    for (StoredFrame& frame : one.ingress)
      if (is_request(frame)) put_announced_segment(frame, 1400);
  });
  EXPECT_EQ(analyse(leg).handshakes.changed_options, 0U);
}

// An acknowledgement in mid-transfer, as an RST.
void reset_one(Frames& frames, bool to_guest, std::uint32_t sequence) {
  std::size_t nth = 20;
  for (StoredFrame& frame : frames) {
    if (frame.frame.to_guest != to_guest || !is_tcp(frame) || payload_of(frame) > 0 || is_syn(frame) || --nth > 0)
      continue;
    frame.bytes.at(at_tcp_flags) = 0x14;
    put_number(frame.bytes, at_sequence, 4, sequence);
    return;
  }
  throw std::logic_error("no acknowledgement to make an RST of");
}

TEST(Handshakes, AResetThatDidNotComeInIsTheRouters) {
  const RecordedLeg leg = changed([](RecordedLeg& one) { reset_one(one.ingress, false, 77); });
  const HandshakeMeasurements seen = analyse(leg).handshakes;
  EXPECT_EQ(seen.resets_made, 1U);
  EXPECT_GT(seen.reset_after_bytes, 0U);
  const Finding finding = judged(Invariant::liveness, leg);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.text.find("the router sent 1 RST of its own"), std::string::npos) << finding.text;
}

TEST(Handshakes, AResetThatCameInIsAnEnds) {
  const RecordedLeg leg = changed([](RecordedLeg& one) {
    reset_one(one.ingress, false, 77);
    reset_one(one.egress, true, 77);
  });
  EXPECT_EQ(analyse(leg).handshakes.resets_in, analyse(recorded_leg("hypervisor-lro")).handshakes.resets_in + 1);
  EXPECT_EQ(analyse(leg).handshakes.resets_made, 0U);
}

}  // namespace
}  // namespace offlab
