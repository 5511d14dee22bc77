// Whoever waits for a worker waits longer than the worker does.
#include "plan/deadlines.h"

#include <gtest/gtest.h>

#include "unit/plan/shipped_scenarios.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

TEST(Deadlines, ASilenceIsLongerThanAnyStepAndACaseLongerThanAllOfThem) {
  for (const char* name : {"demo", "vmxnet3-router", "many-clients", "router-chain", "merging-switch"})
    for (const LabPlan& lab : plan_of_shipped(name).labs)
      for (const CasePlan& one : lab.cases) {
        milliseconds all{0};
        for (const LegPlan& leg : one.legs)
          for (const Step& step : leg.steps) {
            EXPECT_GT(limits::silence_in(one), limits::of(step)) << describe(step);
            all += limits::of(step);
          }
        EXPECT_GT(limits::of(one), all) << one.id;
        EXPECT_GT(limits::of(one), limits::silence_in(one)) << one.id;
      }
}

TEST(Deadlines, ATransferHasTheTimeOfItsTraffic) {
  step::Transfer transfer;
  transfer.duration_seconds = 100;
  transfer.warmup_seconds = 2.5;
  EXPECT_GE(limits::of(Step(transfer)), milliseconds(102'500) + limits::transfer_margin);
}

TEST(Deadlines, TheStartCoversEachOfItsStages) {
  for (const milliseconds stage : {milliseconds(limits::hypervisor), milliseconds(limits::boot + limits::restore),
                                   milliseconds(limits::configuration)}) {
    EXPECT_GT(limits::silence_at_start(), stage);
    EXPECT_GT(limits::start(), stage);
  }
}

}  // namespace
}  // namespace offlab
