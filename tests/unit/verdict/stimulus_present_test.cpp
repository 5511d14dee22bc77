// A case about merged packets proves nothing without merged packets.
#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

Finding judged(const MeasuredCase& measured) {
  return judged(Invariant::stimulus_present, measured);
}

void set_share(MeasuredCase& measured, std::uint64_t superframe_bytes, std::uint64_t all_bytes) {
  capture_of(measured).superframe_payload_bytes = superframe_bytes;
  capture_of(measured).data_payload_bytes = all_bytes;
}

TEST(StimulusPresent, PassesWhenTheDataCameInSuperframes) {
  const Finding finding = judged(healthy_case());
  EXPECT_EQ(finding.invariant, Invariant::stimulus_present);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_NEAR(*finding.value, 50'647'288.0 / 50'704'021, 1e-12);
  EXPECT_EQ(finding.limit, 0.5);
  EXPECT_EQ(finding.text, "100 % of the data bytes reached the router in coalesced packets (1001 of 1065 frames)");
}

TEST(StimulusPresent, NeedsHalfOfTheBytes) {
  MeasuredCase measured = healthy_case();
  set_share(measured, 500, 1000);
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  set_share(measured, 499, 1000);
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_NE(judged(measured).text.find("needs more"), std::string::npos);
}

TEST(StimulusPresent, TenSuperframesAreEnoughInAStorm) {
  MeasuredCase measured = storm_case();
  EXPECT_LT(*judged(measured).value, 0.5);
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  capture_of(measured).superframes = 10;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  capture_of(measured).superframes = 9;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
}

TEST(StimulusPresent, AStormIsKnownByTheWireByTheRoutersCounterOrByWhatIsSentTwice) {
  MeasuredCase calm = storm_case();
  capture_of(calm).frag_needed = 0;
  capture_of(calm).acked_bytes = capture_of(calm).data_payload_bytes;
  calm.measured.frag_fails = 0;
  EXPECT_EQ(judged(calm).outcome, Outcome::inconclusive);
  MeasuredCase measured = calm;
  capture_of(measured).frag_needed = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  measured = calm;
  measured.measured.frag_fails = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  measured = calm;
  capture_of(measured).acked_bytes = capture_of(measured).data_payload_bytes / 2;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  calm.measured.frag_fails.reset();  // an unread counter is no storm
  EXPECT_EQ(judged(calm).outcome, Outcome::inconclusive);
}

TEST(StimulusPresent, IsNotNeededByEveryCase) {
  MeasuredCase measured = healthy_case();
  set_share(measured, 0, 1000);
  measured.intent.hops.at(0).needs_merging = false;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  EXPECT_NE(judged(measured).text.find("this case needs none"), std::string::npos);
}

TEST(StimulusPresent, IsInconclusiveWithoutACaptureOrWithoutData) {
  MeasuredCase measured = healthy_case();
  measured.intent.hops.at(0).needs_merging = false;
  capture_of(measured).data_frames = 0;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(measured).text, "no data frame reached the router");
  measured.measured.capture.reset();
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(measured).text, "there is no capture");
}

// A setting of a host is stored; only the captures tell whether it is in force.
TEST(StimulusPresent, SaysWhetherAHostsSettingIsInForce) {
  MeasuredCase measured = storm_case();
  measured.intent.host_lro = true;
  EXPECT_NE(judged(measured).text.find("the host's LRO, stored as on, is in force"), std::string::npos);
  capture_of(measured).superframes = 0;
  set_share(measured, 0, 1000);
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_NE(judged(measured).text.find("nothing shows that it is in force"), std::string::npos);
}

TEST(StimulusPresent, MergedPacketsShowThatAHostsSettingIsNotInForce) {
  MeasuredCase measured = healthy_case();
  measured.intent.host_lro = false;
  measured.intent.hops[0].needs_merging = false;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_NE(judged(measured).text.find("stored as off: that is not in force"), std::string::npos);
  capture_of(measured).superframes = 0;
  set_share(measured, 0, 1000);
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  EXPECT_NE(judged(measured).text.find("stored as off, coalesces nothing"), std::string::npos);
  // Inside of the router GRO merges as well.
  capture_of(measured).superframes = 100;
  measured.intent.hops[0].ingress->side = CaptureSide::guest;
  EXPECT_EQ(judged(measured).text.find("host"), std::string::npos);
}

}  // namespace
}  // namespace offlab
