// A flow that starves beside another sender's storm.
#include "verdict/other_sender.h"

#include <gtest/gtest.h>

#include "measured_cases.h"
#include "verdict/diagnosis.h"

namespace offlab {
namespace {

// The healthy case, with a fifth of its control's goodput beside a sender that fills an uplink of 50 Mbit/s.
MeasuredCase starved_case() {
  MeasuredCase measured = healthy_case();
  set_goodput(measured.measured, 8e6);
  set_goodput(measured.control, 40e6);
  for (LegIntent* intent : {&measured.intent, &measured.control_intent}) {
    intent->uplink_rate = BitRate{50e6};
    intent->flow.background.sender = BackgroundSender::bsd;
  }
  measured.measured.background = BackgroundMeasurement{100, 8, 4'000'000, 44'000'000, 400'000, 9000, 400};
  measured.control.background = BackgroundMeasurement{100, 8, 4'000'000, 4'200'000, 4'000'000, 0, 0};
  for (LegMeasurements* leg : {&measured.measured, &measured.control}) {
    leg->uplink_bps = 49e6;
    leg->uplink_limit_bps = 50e6;
  }
  return measured;
}

CaseResult judged_case(const MeasuredCase& measured) {
  return judge_case(measured, options(), Question::healthy);
}

const Finding& floor_of(const CaseResult& result) {
  return *std::find_if(result.findings.begin(), result.findings.end(),
                       [](const Finding& finding) { return finding.invariant == Invariant::throughput_floor; });
}

TEST(OtherSender, ItsStormMakesLowThroughputAFailureOfNoKnownClass) {
  const CaseResult result = judged_case(starved_case());
  EXPECT_EQ(result.outcome, Outcome::fail);
  EXPECT_EQ(result.fault_class, FaultClass::unknown);
  EXPECT_EQ(floor_of(result).outcome, Outcome::fail);
  EXPECT_NE(
      floor_of(result).text.find("beside it 100 connections of another sender, with 4.00 Mbit/s to carry, sent "
                                 "44.0 Mbit/s, of which 400 kbit/s arrived; it answered 9000 errors of the router "
                                 "by sending its whole window again; the uplink was at 98 % of its 50.0 Mbit/s"),
      std::string::npos)
      << floor_of(result).text;
}

TEST(OtherSender, TheDiagnosisNamesIt) {
  const Diagnosis diagnosis = diagnose(judged_case(starved_case()));
  EXPECT_NE(diagnosis.what.find("another sender fills the uplink"), std::string::npos);
  EXPECT_FALSE(diagnosis.remedies.empty());
}

TEST(OtherSender, WithoutErrorsOrAFullUplinkLowThroughputAloneStaysAWarning) {
  MeasuredCase polite = starved_case();
  polite.measured.background->errors = 9;
  MeasuredCase idle = starved_case();
  idle.measured.uplink_bps = 30e6;
  MeasuredCase thrifty = starved_case();
  thrifty.measured.background->sent_bytes = 7'000'000;
  for (const MeasuredCase& measured : {polite, idle, thrifty}) {
    EXPECT_EQ(judged_case(measured).outcome, Outcome::pass);
    EXPECT_TRUE(floor_of(judged_case(measured)).warning);
  }
}

TEST(OtherSender, ALoadThatWasAskedForAndIsNotKnownLeavesNothingToCompare) {
  for (const auto leg : {&MeasuredCase::measured, &MeasuredCase::control}) {
    MeasuredCase measured = starved_case();
    (measured.*leg).background.reset();
    EXPECT_EQ(floor_of(judged_case(measured)).outcome, Outcome::inconclusive);
  }
}

BackgroundMeasurement udp_load(std::uint64_t datagrams) {
  return {.connections = 1,
          .seconds = 4,
          .written_bytes = 10'000'000,
          .sent_bytes = 10'000'000,
          .acknowledged_bytes = 9'900'000,
          .sender = BackgroundSender::udp,
          .datagrams = datagrams,
          .lost_datagrams = datagrams / 100};
}

TEST(OtherSender, WhatAnotherFlowCarriedIsSaid) {
  LegMeasurements leg = healthy_case().measured;
  leg.background = udp_load(7000);
  EXPECT_EQ(words_about_other_sender(leg),
            "beside it UDP sent 20.0 Mbit/s, of which 19.8 Mbit/s arrived (70 of 7000 datagrams were lost)");
  leg.background->sender = BackgroundSender::tcp;
  leg.background->datagrams = 0;
  leg.background->opposite = true;
  EXPECT_EQ(words_about_other_sender(leg),
            "beside it another TCP flow sent 20.0 Mbit/s in the other direction, of which 19.8 Mbit/s arrived");
}

TEST(OtherSender, WhereThereIsNoneNothingIsSaid) {
  EXPECT_EQ(words_about_other_sender(healthy_case().measured), "");
  EXPECT_FALSE(is_filled_by_another(healthy_case().measured));
}

}  // namespace
}  // namespace offlab
