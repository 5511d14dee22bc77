// Captures of the kinds that people have, cut down to what matters (tests/data/field-captures), and the answers that
// are right for them.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/analyze_captures.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;

JudgedCaptures judged(const std::string& before, const std::string& behind = "") {
  const fs::path folder = fs::path(OFFLAB_TESTS) / "data/field-captures";
  ForeignEvidence evidence{folder / (before + ".pcap"), std::nullopt, {}};
  if (!behind.empty()) evidence.second = folder / (behind + ".pcap");
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
  EXPECT_THAT(one.verdict.classes, ElementsAre(AnyOf(FaultClass::silent_size_drop, FaultClass::pmtud_blackhole)));
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

TEST(FieldCaptures, AStormInOneFile) {
  EXPECT_THAT(judged("21-storm-plain").verdict.classes, Contains(FaultClass::lro_orphan_storm));
}

}  // namespace
}  // namespace offlab
