// The demonstration is shown only when the fault was there and the fix cured it.
#include "report/demo.h"

#include <sstream>

#include <gtest/gtest.h>

#include "sample_run.h"

namespace offlab {
namespace {

struct Pair {
  CaseResult broken = sample_case("broken", Outcome::fail, FaultClass::lro_orphan_storm);
  CaseResult fixed = sample_case("fixed", Outcome::pass, FaultClass::healthy);
};

bool shown(const Pair& pair) {
  return demo_report(pair.broken, pair.fixed).shown;
}

std::string text(const Pair& pair) {
  return demo_report(pair.broken, pair.fixed).text;
}

void expect_failed(const Pair& pair, const std::string& why) {
  EXPECT_FALSE(shown(pair)) << why;
  EXPECT_NE(text(pair).find("The demonstration FAILED: " + why + ".\n"), std::string::npos) << text(pair);
  EXPECT_EQ(text(pair).find("What happened:"), std::string::npos);
}

// The words of the table's row that begins with `label`, with single spaces.
std::string row(const std::string& report, const std::string& label) {
  const auto begin = report.find("  " + label + "  ");
  if (begin == std::string::npos) return "no such row";
  std::istringstream words(
      report.substr(begin + label.size() + 2, report.find('\n', begin) - begin - label.size() - 2));
  std::string text;
  for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
  return text;
}

TEST(Demo, ShowsBothSidesTheFramesAndTheExplanation) {
  Pair pair;
  pair.broken.axes = {{"router.lro", "off"}, {"hypervisor.lro", "passthrough"}};
  pair.fixed.axes = {{"router.lro", "off"}, {"hypervisor.lro", "off"}};
  EXPECT_TRUE(shown(pair));
  const std::string report = text(pair);
  EXPECT_EQ(row(report, "coalesced packets into the router's NICs"), "yes (passthrough) no");
  EXPECT_EQ(row(report, "goodput, server to client"), "1.90 Mbit/s 412 Mbit/s");
  EXPECT_EQ(row(report, "fragmentation needed: sent by the router"), "18 0");
  EXPECT_EQ(row(report, "seen on the wire"), "18 0");
  EXPECT_EQ(row(report, "received by the server"), "18 0");
  EXPECT_EQ(row(report, "uplink payload per acknowledged byte, in all"), "1.31 1.00");
  EXPECT_EQ(row(report, "share of the uplink's payload wasted, in all"), "24 % 0 %");
  EXPECT_EQ(row(report, "class"), "lro-orphan-storm healthy");
  EXPECT_NE(report.find("  0.034955 IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), "
                        "length 556\n"),
            std::string::npos);
  EXPECT_NE(report.find("\nWhat happened: "), std::string::npos);
  EXPECT_EQ(report.find("FAILED"), std::string::npos);
}

TEST(Demo, IsNotShownForAnotherFault) {
  Pair pair;
  pair.broken.fault_class = FaultClass::wrong_gso_size;
  expect_failed(pair, "the broken case was found wrong-gso-size, not lro-orphan-storm");
  pair.broken.fault_class.reset();
  pair.broken.outcome = Outcome::inconclusive;
  expect_failed(pair, "the broken case was found inconclusive, not lro-orphan-storm");
}

TEST(Demo, IsNotShownWhenTheFixDidNotCure) {
  Pair pair;
  pair.fixed.fault_class = FaultClass::unknown;
  expect_failed(pair, "the fixed case was found unknown, not healthy");
  pair.fixed.fault_class.reset();
  pair.fixed.outcome = Outcome::inconclusive;
  expect_failed(pair, "the fixed case was found inconclusive, not healthy");
}

TEST(Demo, IsNotShownWhenTheBrokenCaseIsNotTwentyTimesSlower) {
  Pair pair;
  pair.broken.measured->goodput_bps = 412e6 / 20;
  EXPECT_TRUE(shown(pair));
  pair.broken.measured->goodput_bps = 412e6 / 19.9;
  expect_failed(pair, "the broken case was less than 20 times slower");
  pair.broken.measured->goodput_bps.reset();
  expect_failed(pair, "the broken case was less than 20 times slower");
  pair = Pair();
  pair.fixed.measured->goodput_bps.reset();
  expect_failed(pair, "the broken case was less than 20 times slower");
}

TEST(Demo, IsNotShownWhenNothingArrivedInEither) {
  Pair pair;
  pair.broken.measured->goodput_bps = 0;
  EXPECT_TRUE(shown(pair));
  pair.fixed.measured->goodput_bps = 0;
  EXPECT_FALSE(shown(pair));
}

TEST(Demo, IsNotShownWhenTheIcmpCountsDiffer) {
  const std::string why = "the ICMP counts of router, wire and sender differ, or are 0, in the broken case";
  for (Count LegMeasurements::*count : {&LegMeasurements::frag_needed_router, &LegMeasurements::frag_needed_sender}) {
    Pair pair;
    (*pair.broken.measured).*count = 17;
    expect_failed(pair, why);
    ((*pair.broken.measured).*count).reset();
    expect_failed(pair, why);
  }
  Pair pair;
  pair.broken.measured->capture->frag_needed = 17;
  expect_failed(pair, why);
  pair.broken.measured->capture->frag_needed = 0;
  pair.broken.measured->frag_needed_router = pair.broken.measured->frag_needed_sender = 0;
  expect_failed(pair, why);
}

TEST(Demo, IsNotShownWhenTheFixedCaseHasErrorsToo) {
  Pair pair;
  pair.fixed.measured->frag_needed_router = 1;
  expect_failed(pair, "the fixed case shows ICMP errors");
  pair.fixed.measured->frag_needed_router.reset();
  expect_failed(pair, "the fixed case shows ICMP errors");
  pair = Pair();
  pair.fixed.measured->capture->frag_needed = 1;
  expect_failed(pair, "the fixed case shows ICMP errors");
}

TEST(Demo, CannotBeJudgedWithoutMeasurementsAndCaptures) {
  for (CaseResult Pair::*side : {&Pair::broken, &Pair::fixed}) {
    Pair pair;
    (pair.*side).measured->capture.reset();
    EXPECT_FALSE(shown(pair));
    (pair.*side).measured.reset();
    (pair.*side).outcome = Outcome::error;
    (pair.*side).reason = "no tun";
    EXPECT_FALSE(shown(pair));
    EXPECT_NE(text(pair).find("The demonstration could not be judged."), std::string::npos);
    EXPECT_NE(text(pair).find(": error no tun\n"), std::string::npos) << text(pair);
  }
}

}  // namespace
}  // namespace offlab
