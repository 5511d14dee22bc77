// A healthy leg from which one piece of evidence was taken away must not pass any more, whichever piece it was.
#include <functional>

#include <gtest/gtest.h>

#include "measure/measure_leg.h"
#include "measured_cases.h"

namespace offlab {
namespace {

using Change = std::function<void(RecordedLeg&)>;
using SeenChange = std::function<void(LegObservation&)>;

CaseResult verdict_with(LegMeasurements leg, LegRole role) {
  MeasuredCase measured = healthy_case();
  (role == LegRole::control ? measured.control : measured.measured) = std::move(leg);
  return judge_case(measured, options(), Question::healthy);
}

CaseResult verdict_without(const Change& change, LegRole role) {
  RecordedLeg leg = recorded_leg("control-lro-on", role);
  change(leg);
  return verdict_with(leg.measure(), role);
}

void expect_inconclusive(const CaseResult& result, const std::string& what) {
  EXPECT_EQ(to_string(result.outcome), "inconclusive") << "without " << what;
  EXPECT_EQ(result.fault_class, std::nullopt) << "without " << what;
  EXPECT_NE(result.reason, "") << "without " << what;
}

void expect_no_pass(const std::string& what, const Change& change, LegRole role = LegRole::measured) {
  expect_inconclusive(verdict_without(change, role), what);
}

// The same for changes that leave the captures alone: those were measured once.
void expect_no_pass_with(const std::string& what, const SeenChange& change, LegRole role = LegRole::measured) {
  LegObservation seen = recorded_leg("control-lro-on", role).seen;
  change(seen);
  FrameList none;
  LegMeasurements leg = measure_leg(recorded_leg("control-lro-on", role).intent, 0, seen, {&none, &none, nullptr});
  leg.capture = recorded_measurements("control-lro-on", role).capture;
  expect_inconclusive(verdict_with(std::move(leg), role), what);
}

void expect_no_pass_without_section(const std::string& node, const std::string& section) {
  for (const auto moment : {&LegObservation::before, &LegObservation::after}) {
    if (section == "kernel log" && moment == &LegObservation::before) continue;
    expect_no_pass_with(section + " of " + node, [&](LegObservation& seen) {
      std::string& text = (seen.*moment).nodes.at(node);
      text = without_section(text, section);
    });
  }
}

TEST(NoPassWithoutEvidence, IsAPassWithAllOfIt) {
  EXPECT_EQ(verdict_without([](RecordedLeg&) {}, LegRole::measured).outcome, Outcome::pass);
  EXPECT_EQ(verdict_without([](RecordedLeg&) {}, LegRole::control).outcome, Outcome::pass);
}

TEST(NoPassWithoutEvidence, OfTheRouter) {
  for (const char* section : {"/proc/net/snmp", "ethtool -k wan", "mtu lan", "ip_forward", "kernel log"})
    expect_no_pass_without_section("router", section);
}

TEST(NoPassWithoutEvidence, OfTheEnds) {
  for (const char* section : {"/proc/net/snmp", "mtu lan", "kernel log"})
    expect_no_pass_without_section("client", section);
  for (const char* section : {"/proc/net/snmp", "kernel log"}) expect_no_pass_without_section("server", section);
}

TEST(NoPassWithoutEvidence, OfTheEndsOffloads) {
  expect_no_pass_without_section("client", "ethtool -k lan");
  expect_no_pass_without_section("server", "ethtool -k wan");
}

TEST(NoPassWithoutEvidence, OfAWholeNode) {
  for (const char* node : {"router", "client", "server"}) {
    expect_no_pass_with(node, [&](LegObservation& seen) { seen.before.nodes.erase(node); });
    expect_no_pass_with(node, [&](LegObservation& seen) { seen.after.nodes.erase(node); });
  }
}

TEST(NoPassWithoutEvidence, OfTheRoutersTaps) {
  expect_no_pass_with("router-wan", [](LegObservation& seen) { seen.before.taps.erase("router-wan"); });
  expect_no_pass_with("router-lan", [](LegObservation& seen) { seen.after.taps.erase("router-lan"); });
}

TEST(NoPassWithoutEvidence, OfTheControl) {
  const std::vector<std::pair<const char*, SeenChange>> changes = {
      {"router", [](LegObservation& seen) { seen.after.nodes.erase("router"); }},
      {"tap", [](LegObservation& seen) { seen.before.taps.erase("router-wan"); }},
      {"report", [](LegObservation& seen) { seen.transfer.client_json.clear(); }},
      {"a frame", [](LegObservation& seen) { seen.captures.at(0).dropped = 1; }},
  };
  for (const auto& [what, change] : changes) expect_no_pass_with(what, change, LegRole::control);
  const auto no_frames = [](RecordedLeg& leg) { leg.ingress.clear(); };
  expect_no_pass("frames", no_frames, LegRole::control);
}

TEST(NoPassWithoutEvidence, OfTheTransfer) {
  expect_no_pass_with("report", [](LegObservation& seen) { seen.transfer.client_json.clear(); });
  expect_no_pass_with("exit status", [](LegObservation& seen) { seen.transfer.exit_status = -1; });
}

TEST(NoPassWithoutEvidence, OfFramesThatTheRingLost) {
  expect_no_pass_with("a frame", [](LegObservation& seen) { seen.captures.at(0).dropped = 1; });
  expect_no_pass_with("a frame", [](LegObservation& seen) { seen.captures.at(1).dropped = 1; });
}

TEST(NoPassWithoutEvidence, OfWhatCameToTheRouter) {
  expect_no_pass("frames", [](RecordedLeg& leg) { leg.ingress.clear(); });
}

TEST(NoPassWithoutEvidence, OfWhatLeftTheRouter) {
  expect_no_pass("frames", [](RecordedLeg& leg) { leg.egress.clear(); });
}

}  // namespace
}  // namespace offlab
