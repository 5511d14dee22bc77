// Integrity of the fixed-byte transfer.
#include <algorithm>

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

MeasuredCase with_stream(bool complete, bool equal) {
  MeasuredCase measured = healthy_case();
  measured.intent.integrity_bytes = 1'000'000;
  StreamMeasurement stream{complete, equal, 1'000'000, std::string(64, 'a'), std::string(64, equal ? 'a' : 'b'), ""};
  if (!complete) stream.trouble = "2896 of 1000000 bytes in 0.8 s";
  measured.measured.stream = stream;
  return measured;
}

TEST(Integrity, PassesWhenBothEndsHaveTheSameBytes) {
  const Finding finding = judged(Invariant::integrity, with_stream(true, true));
  EXPECT_EQ(finding.invariant, Invariant::integrity);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(
      finding.text,
      "every IP header checksum is right, the receiver found no wrong TCP checksum; 1.00 MB arrived as they were sent "
      "(SHA-256 aaaaaaaa...)");
}

TEST(Integrity, FailsWhenACompleteStreamDiffers) {
  const Finding finding = judged(Invariant::integrity, with_stream(true, false));
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.text,
            "1.00 MB did not arrive as they were sent: SHA-256 aaaaaaaa... at the sender, bbbbbbbb... at the receiver");
  EXPECT_EQ(judge_case(with_stream(true, false), options(), Question::healthy).outcome, Outcome::fail);
}

TEST(Integrity, SaysNothingAboutAStreamThatWasCut) {
  const Finding finding = judged(Invariant::integrity, with_stream(false, false));
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.text, "the fixed-byte transfer did not finish: 2896 of 1000000 bytes in 0.8 s");
}

TEST(Integrity, IsNoPassWhenTheTransferWasNotRecorded) {
  MeasuredCase measured = healthy_case();
  measured.intent.integrity_bytes = 1'000'000;
  EXPECT_EQ(judged(Invariant::integrity, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judge_case(measured, options(), Question::healthy).outcome, Outcome::inconclusive);
}

TEST(Integrity, LooksAtChecksumsAloneWhereNobodyAskedForAStream) {
  const Finding finding = judged(Invariant::integrity, healthy_case());
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.text, "every IP header checksum is right, the receiver found no wrong TCP checksum");
}

TEST(Integrity, FailsByAChecksum) {
  MeasuredCase measured = healthy_case();
  measured.measured.checksum_errors = 3;
  EXPECT_EQ(judged(Invariant::integrity, measured).outcome, Outcome::fail);
}

}  // namespace
}  // namespace offlab
