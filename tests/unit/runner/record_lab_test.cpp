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
  RunFolder folder{temp.path()};
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

}  // namespace
}  // namespace offlab
