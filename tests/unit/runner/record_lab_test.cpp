// Whole labs on fakes, recorded into a run folder.
#include "runner/record_lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"
#include "runner/run_case.h"

namespace offlab {
namespace {

class RecordLab : public DemoLab {
 protected:
  // Control and case differ by too little to tell at this floor: every round is carried out.
  LabPlan plan_in_doubt() const {
    LabPlan doubtful = plan();
    for (CasePlan& one : doubtful.cases)
      for (LegPlan& leg : one.legs) leg.intent.throughput_floor = 1;
    return doubtful;
  }
  // What the n-th transfer of the lab meets.
  void at_transfer(int time, std::function<void()> happens) {
    world.shell.react(
        "client", "iperf3 --client",
        [this, time, happens = std::move(happens)](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
          if (++transfers == time) happens();
          return std::nullopt;
        });
  }
  std::vector<std::string> legs_of(const CasePlan& one) const {
    std::vector<std::string> legs;
    for (const LegPlan& leg : one.legs)
      if (folder.has(RunFolder::leg_folder(one, leg.role, leg.round))) legs.push_back(leg_name(leg.role, leg.round));
    return legs;
  }
  LegObservation leg(const CasePlan& one, LegRole role, unsigned round) const {
    return folder.read_leg(RunFolder::leg_folder(one, role, round));
  }

  using Records = std::vector<event::CaseRecorded>;
  RunFolder folder{temp.path()};
  int transfers = 0;
};

// The router of the demonstration as it was recorded healthy, in both legs.
TEST_F(RecordLab, WhatALabRecordedIsJudged) {
  world.play_captures(Recording::healthy);
  LabPlan one = plan();
  one.cases = {fixed()};
  world.shell.fixed_bytes.bytes = leg_of(fixed(), LegRole::measured).intent.integrity_bytes;
  world.shell.fixed_bytes.digest = std::string(64, 'a');
  world.shell.guest("server").files["/tmp/offlab-stream.sha256"] = std::string(64, 'a') + "  -\n";
  Lab lab = this->lab();
  record_lab(lab, one, folder, world.observer);
  const CaseResult result = judge_recorded_case(fixed(), folder, demo_plan());
  EXPECT_EQ(result.outcome, Outcome::pass) << result.reason;
  EXPECT_EQ(result.fault_class, FaultClass::healthy);
  for (const Finding& finding : result.findings) EXPECT_EQ(finding.outcome, Outcome::pass) << finding.text;
}

// The lab ends there; what was measured before, and what the broken leg has shown, is kept.
TEST_F(RecordLab, ALegThatBreaksInALaterRoundBreaksItsCase) {
  const LabPlan doubtful = plan_in_doubt();
  const CasePlan& first = doubtful.cases.at(0);
  at_transfer(3, [] { throw Error("the connection is lost"); });
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { record_lab(lab, doubtful, folder, world.observer); }),
            "ssh on client: the connection is lost");
  EXPECT_EQ(world.observer.all<event::CaseRecorded>(),
            Records({{first.id, Recorded::broken, "ssh on client: the connection is lost"}}));
  EXPECT_EQ(folder.read_case_record(first).recorded, Recorded::broken);
  EXPECT_EQ(folder.read_case_record(first).reason, "ssh on client: the connection is lost");
  EXPECT_THAT(legs_of(first), testing::ElementsAre("control", "case", "case-2"));
  EXPECT_EQ(leg(first, LegRole::measured, 1).transfer.exit_status, 0);
  EXPECT_EQ(leg(first, LegRole::measured, 2).transfer.exit_status, -1);
  EXPECT_EQ(leg(first, LegRole::measured, 2).before.nodes.size(), 3U);
  EXPECT_THAT(legs_of(doubtful.cases.at(1)), testing::IsEmpty());
}

TEST_F(RecordLab, ALegThatIsUnsupportedInALaterRoundSkipsItsCaseAndTheLabGoesOn) {
  const LabPlan doubtful = plan_in_doubt();
  const CasePlan& first = doubtful.cases.at(0);
  const CasePlan& second = doubtful.cases.at(1);
  at_transfer(2, [&] { world.taps.take_header("router-wan"); });
  Lab lab = this->lab();
  record_lab(lab, doubtful, folder, world.observer);
  EXPECT_EQ(world.observer.all<event::CaseRecorded>(),
            Records({{first.id, Recorded::skipped,
                      "tap router-wan has no segmentation header: QEMU's model of this NIC takes no coalesced packets"},
                     {second.id, Recorded::recorded, ""}}));
  EXPECT_EQ(folder.read_case_record(first).recorded, Recorded::skipped);
  EXPECT_THAT(legs_of(first), testing::ElementsAre("control", "case", "case-2"));
  EXPECT_THAT(legs_of(second), testing::ElementsAre("control", "case", "case-2", "control-2"));
}

// Linux prints some warnings only once: a case that comes after one could not show it again.
TEST_F(RecordLab, ALabEndsAfterACaseThatMadeAKernelComplain) {
  const LabPlan two = plan();
  const CasePlan& first = two.cases.at(0);
  at_transfer(2, [&] { world.shell.guest("router").complain("eth0: bad gso: type: 1, size: 1448"); });
  Lab lab = this->lab();
  record_lab(lab, two, folder, world.observer);
  const std::vector<event::LabWorn> worn = {
      {first.id, "router: [   12.000000] eth0: bad gso: type: 1, size: 1448", false}};
  EXPECT_EQ(world.observer.all<event::LabWorn>(), worn);
  EXPECT_EQ(world.observer.all<event::CaseRecorded>(), Records({{first.id, Recorded::recorded, ""}}));
  EXPECT_EQ(folder.read_case_record(two.cases.at(1)).recorded, std::nullopt);
}

TEST_F(RecordLab, AnOffloadThatAGuestRefusesSkipsTheCaseWithTheReason) {
  world.shell.guest("router").refuses = {{"wan", "large-receive-offload"}};
  LabPlan one = plan();
  one.cases = {fixed()};
  Lab lab = this->lab();
  record_lab(lab, one, folder, world.observer);
  EXPECT_EQ(world.observer.all<event::CaseRecorded>(),
            Records({{"fixed", Recorded::skipped, "router: wan did not take lro off"}}));
  EXPECT_EQ(folder.read_case_record(fixed()).reason, "router: wan did not take lro off");
}

}  // namespace
}  // namespace offlab
