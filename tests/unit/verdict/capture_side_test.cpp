// The recorded captures, as if they had been made inside of the router.
#include <algorithm>

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

using Point = std::optional<CapturePoint> HopIntent::*;

MeasuredCase from_inside(MeasuredCase measured, std::vector<Point> points) {
  for (LegIntent* intent : {&measured.intent, &measured.control_intent})
    for (const Point point : points) (intent->hops.at(0).*point)->side = CaptureSide::guest;
  return measured;
}

const std::vector<Point> both = {&HopIntent::ingress, &HopIntent::egress};

std::vector<Invariant> untold(const MeasuredCase& measured) {
  std::vector<Invariant> names;
  for (const Finding& finding :
       judge_invariants({measured.intent, measured.measured, &measured.control, "", options()}))
    if (finding.outcome == Outcome::inconclusive) names.push_back(finding.invariant);
  return names;
}

Finding finding_of(const MeasuredCase& measured, Invariant invariant) {
  for (Finding& finding : judge_invariants({measured.intent, measured.measured, &measured.control, "", options()}))
    if (finding.invariant == invariant) return finding;
  throw std::logic_error("no such finding");
}

TEST(CaptureSide, OnTheHostTellsEverything) {
  EXPECT_EQ(untold(healthy_case()), std::vector<Invariant>{});
}

TEST(CaptureSide, BehindTheGuestsGroTellsNoSizes) {
  const MeasuredCase measured = from_inside(healthy_case(), {&HopIntent::ingress});
  EXPECT_EQ(untold(measured),
            (std::vector<Invariant>{Invariant::stimulus_present, Invariant::segment_boundaries, Invariant::coverage,
                                    Invariant::forwarding_loss, Invariant::amplification}));
  EXPECT_NE(finding_of(measured, Invariant::stimulus_present).text.find("GRO"), std::string::npos);
}

TEST(CaptureSide, BeforeTheGuestsNicCutsTellsNoSizes) {
  const MeasuredCase measured = from_inside(healthy_case(), {&HopIntent::egress});
  EXPECT_EQ(untold(measured),
            (std::vector<Invariant>{Invariant::egress_size, Invariant::mss_respected, Invariant::segment_boundaries,
                                    Invariant::coverage, Invariant::forwarding_loss}));
  EXPECT_NE(finding_of(measured, Invariant::egress_size).text.find("before its NIC splits"), std::string::npos);
}

TEST(CaptureSide, OnTheWireTellsAsMuchAsOnTheHost) {
  MeasuredCase measured = healthy_case();
  measured.intent.hops.at(0).ingress->side = CaptureSide::wire;
  EXPECT_EQ(untold(measured), std::vector<Invariant>{});
}

TEST(CaptureSide, ARouterIsNoPassOnWhatTheGuestAloneShows) {
  const CaseResult result = judge_case(from_inside(healthy_case(), both), options(), Question::healthy);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.fault_class, std::nullopt);
  EXPECT_NE(result.reason.find("inside the router"), std::string::npos) << result.reason;
}

// TSO inside makes frames longer than the MTU: that is no violation.
TEST(CaptureSide, LargeFramesInsideAreNoViolation) {
  MeasuredCase measured = from_inside(healthy_case(), {&HopIntent::egress});
  ForwardingMeasurements& seen = capture_of(measured).forwarding;
  seen.too_long = seen.above_segment = seen.cut_elsewhere = 7;
  for (const Invariant invariant : {Invariant::egress_size, Invariant::mss_respected, Invariant::segment_boundaries})
    EXPECT_EQ(finding_of(measured, invariant).outcome, Outcome::inconclusive) << to_string(invariant);
}

// GRO inside makes packets look as if the sender did not obey.
TEST(CaptureSide, MergedPacketsInsideAreNoDisobedience) {
  MeasuredCase measured = from_inside(healthy_case(), {&HopIntent::ingress});
  capture_of(measured).frag_needed = capture_of(measured).honest = 2;
  capture_of(measured).long_after_convergence = 3;
  EXPECT_EQ(finding_of(measured, Invariant::pmtud_convergence).outcome, Outcome::inconclusive);
  EXPECT_EQ(finding_of(measured, Invariant::bogus_frag_needed).outcome, Outcome::inconclusive);
}

TEST(CaptureSide, ACaseWithoutMergingNeedsNoSizeAtTheIngress) {
  MeasuredCase measured = from_inside(healthy_case(), {&HopIntent::ingress});
  measured.intent.hops.at(0).needs_merging = false;
  EXPECT_EQ(finding_of(measured, Invariant::stimulus_present).outcome, Outcome::pass);
}

// The NIC had no room: the packet waits, and is seen once more when it goes, with the checksum that the driver cleared.
TEST(CaptureSide, APacketThatWaitedForTheNicIsNoDuplicate) {
  MeasuredCase measured = from_inside(healthy_case(), {&HopIntent::egress});
  ForwardingMeasurements& seen = capture_of(measured).forwarding;
  EXPECT_EQ(finding_of(measured, Invariant::duplicates).outcome, Outcome::pass) << "none is none";
  EXPECT_EQ(finding_of(measured, Invariant::integrity).outcome, Outcome::pass);
  seen.duplicates = seen.bad_checksums = 2;
  for (const Invariant invariant : {Invariant::duplicates, Invariant::integrity}) {
    const Finding finding = finding_of(measured, invariant);
    EXPECT_EQ(finding.outcome, Outcome::inconclusive) << to_string(invariant);
    EXPECT_NE(finding.text.find("no room"), std::string::npos) << finding.text;
  }
}

// Whatever a control cannot tell from inside is left open in its case as well; goodput is compared all the same.
TEST(CaptureSide, AControlFromInsideIsFitToBeComparedWith) {
  const MeasuredCase measured = from_inside(healthy_case(), both);
  const CaseResult result = judge_case(measured, options(), Question::healthy);
  for (const Finding& finding : result.findings)
    if (finding.invariant == Invariant::throughput_floor) {
      EXPECT_EQ(finding.outcome, Outcome::pass) << finding.text;
    }
}

// What is seen from inside is seen.
TEST(CaptureSide, AStormIsOneFromInsideToo) {
  const CaseResult result = judge_case(from_inside(storm_case(), both), options(), Question::healthy);
  EXPECT_EQ(result.outcome, Outcome::fail);
  EXPECT_EQ(result.fault_class, FaultClass::lro_orphan_storm);
}

}  // namespace
}  // namespace offlab
