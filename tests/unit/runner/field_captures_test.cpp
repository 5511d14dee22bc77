// Captures of the kinds that people have, cut down to what matters (tests/data/field-captures), and the answers that
// are right for them.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "runner/analyze_captures.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::Contains;
using testing::ElementsAre;

JudgedCaptures judged(const std::string& before, const std::string& behind = "") {
  const fs::path folder = fs::path(tests_folder()) / "data/field-captures";
  ForeignEvidence evidence{{folder / (before + ".pcap")}};
  if (!behind.empty()) evidence.second = {folder / (behind + ".pcap")};
  return analyze_captures(evidence, {});
}

JudgedCaptures pair(const std::string& name) {
  return judged(name + "-wan", name + "-lan");
}

const Finding& named(const JudgedCaptures& one, Invariant invariant) {
  for (const Finding& finding : one.verdict.findings)
    if (finding.invariant == invariant) return finding;
  throw std::logic_error("not judged");
}

// The file behind a router that lets nothing more through ends with the last frame that it let through.
TEST(FieldCaptures, ARouterThatStopsForwardingFailsThoughTheFileBehindItEnds) {
  const JudgedCaptures one = pair("01-blackhole-total");
  EXPECT_EQ(one.verdict.outcome, Outcome::fail);
  // TCP only: errors, if any, were not captured.
  EXPECT_THAT(one.verdict.classes, ElementsAre(FaultClass::silent_size_drop, FaultClass::pmtud_blackhole));
  EXPECT_EQ(named(one, Invariant::liveness).outcome, Outcome::fail);
  // The two files do not show that it was lost.
  EXPECT_NE(named(one, Invariant::coverage).outcome, Outcome::fail);
}

TEST(FieldCaptures, AStormIsOneThoughTheFileBehindTheRouterEnds) {
  const JudgedCaptures one = pair("02-storm-total");
  EXPECT_EQ(one.verdict.outcome, Outcome::fail);
  EXPECT_EQ(one.verdict.classes.at(0), FaultClass::lro_orphan_storm);
  EXPECT_EQ(one.measured.capture->bogus, 6U);
}

// What one file proves alone never gets weaker by a second one.
TEST(FieldCaptures, TheSecondFileTakesNoViolationAway) {
  for (const char* name : {"01-blackhole-total", "02-storm-total"}) {
    const JudgedCaptures alone = judged(std::string(name) + "-wan");
    const JudgedCaptures both = pair(name);
    for (const Finding& finding : alone.verdict.findings) {
      if (finding.outcome != Outcome::fail) continue;
      EXPECT_EQ(named(both, finding.invariant).outcome, Outcome::fail) << name << " " << to_string(finding.invariant);
    }
  }
}

// The clock behind the router is half a millisecond early: packets leave before they enter.
TEST(FieldCaptures, WhatTheReceiverAcknowledgedIsNotLostWhateverTheClocksSay) {
  EXPECT_NE(pair("10-clock-half-millisecond").verdict.outcome, Outcome::fail);
}

TEST(FieldCaptures, WhatWasSentBeforeTheOtherFileBeganIsNotLost) {
  EXPECT_NE(pair("11-lan-began-later").verdict.outcome, Outcome::fail);
}

TEST(FieldCaptures, ADifferenceOfTheClocksIsSaidAndTakenOut) {
  for (const char* name : {"10-clock-half-millisecond", "10b-clock-half-millisecond-const"}) {
    const JudgedCaptures one = pair(name);
    EXPECT_EQ(one.verdict.outcome, Outcome::pass) << name;
    EXPECT_TRUE(one.clock.is_corrected) << name;
    EXPECT_LT(one.clock.offset_ns, 0) << name;
    EXPECT_GT(one.clock.offset_ns, -1'000'000) << name;
  }
  EXPECT_FALSE(pair("11-lan-began-later").clock.is_corrected);
}

TEST(FieldCaptures, BothSidesInOneFileAreJudgedAsTwo) {
  for (const char* name : {"04-both-sides-one-file", "04-both-sides-one-file-sll2"}) {
    const JudgedCaptures one = judged(name);
    EXPECT_TRUE(one.both_in_one) << name;
    EXPECT_EQ(one.verdict.outcome, Outcome::pass) << name;
    EXPECT_EQ(one.measured.capture->data_frames, one.measured.capture->egress_data_frames) << name;
    EXPECT_EQ(one.sides, "TTL 64 before the router, 63 behind it") << name;
  }
}

TEST(FieldCaptures, CopiesOfAFrameCountOnce) {
  const JudgedCaptures alone = judged("05-each-frame-twice");
  EXPECT_EQ(alone.verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(alone.captures.at(0).copies, 2U);
  EXPECT_EQ(alone.signs.sent_again, 0U);
  const JudgedCaptures both = pair("23-each-frame-twice");
  EXPECT_EQ(both.verdict.outcome, Outcome::pass);
  EXPECT_EQ(both.measured.capture->forwarding.duplicates, 0U);
}

TEST(FieldCaptures, OneDirectionProvesNothing) {
  const JudgedCaptures one = judged("06-one-direction");
  EXPECT_EQ(one.verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(one.captures.at(0).judged.back_packets, 0U);
  const JudgedCaptures two = pair("07-pktcap-uw-default");
  EXPECT_EQ(two.verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(two.captures.at(0).judged.data_frames, 0U);
  EXPECT_EQ(two.captures.at(1).judged.back_packets, 0U);
}

TEST(FieldCaptures, ErrorsWithoutDataAreReported) {
  const JudgedCaptures one = judged("08-errors-without-data");
  EXPECT_EQ(one.verdict.outcome, Outcome::inconclusive);
  ASSERT_EQ(one.refusals.size(), 1U);
  EXPECT_EQ(one.refusals.at(0).count, 4U);
  EXPECT_EQ(one.refusals.at(0).mtu, 1500U);
  EXPECT_EQ(one.refusals.at(0).largest_quoted, 7340U);
  EXPECT_EQ(to_string(one.refusals.at(0).from), "198.18.2.1");
}

TEST(FieldCaptures, ErrorsWhoseQuoteIsCutOffProveNothing) {
  for (const char* name : {"09-storm-snaplen68", "25-storm-ipv6-snaplen96"}) {
    const JudgedCaptures one = pair(name);
    EXPECT_EQ(one.verdict.outcome, Outcome::inconclusive) << name;
    EXPECT_GE(one.signs.unquoted, 4U) << name;
    EXPECT_EQ(named(one, Invariant::bogus_frag_needed).outcome, Outcome::inconclusive) << name;
  }
}

TEST(FieldCaptures, WhatWasRefusedHonestlyIsNoWaste) {
  const JudgedCaptures one = pair("15-honest-pmtud-short");
  EXPECT_EQ(one.verdict.outcome, Outcome::pass);
  EXPECT_THAT(one.verdict.classes, ElementsAre(FaultClass::legit_pmtud));
}

TEST(FieldCaptures, TheReceiversWindowIsNotTheRouter) {
  const JudgedCaptures one = judged("17-zero-window");
  EXPECT_EQ(one.verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(one.signs.zero_windows, 5U);
  EXPECT_EQ(one.signs.window_probes, 4U);
}

TEST(FieldCaptures, KeepAlivesAreNoData) {
  const JudgedCaptures one = judged("18-keepalives");
  EXPECT_EQ(one.verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(one.signs.keep_alives, 5U);
  EXPECT_EQ(one.signs.sent_again, 0U);
}

TEST(FieldCaptures, AFewBytesProveNothing) {
  EXPECT_EQ(judged("19-one-retransmission-tiny").verdict.outcome, Outcome::inconclusive);
}

TEST(FieldCaptures, AStormInOneFile) {
  EXPECT_THAT(judged("21-storm-plain").verdict.classes, Contains(FaultClass::lro_orphan_storm));
}

}  // namespace
}  // namespace offlab
