// What is different between two runs.
#include "verdict/compare_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "record/run_difference_json.h"
#include "report/run_diff.h"
#include "unit/refusal.h"
#include "unit/report/sample_run.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ComparedRun compared(const RunResult& run, const std::string& name) {
  return {.name = name, .run = run, .settings = {}};
}

TEST(CompareRuns, ARunIsEqualToItself) {
  const RunDifference difference = compare_runs(compared(sample_run(), "a"), compared(sample_run(), "b"));
  EXPECT_TRUE(have_same_verdicts(difference));
  EXPECT_TRUE(difference.environment.empty());
  ASSERT_EQ(difference.cases.size(), 5U);
  for (const CaseDifference& one : difference.cases) {
    EXPECT_TRUE(one.settings.empty());
    EXPECT_TRUE(one.counters.empty());
    EXPECT_TRUE(one.newly_violated.empty());
  }
}

TEST(CompareRuns, TellsWhatChanged) {
  RunResult after = sample_run();
  after.host["qemu"] = "8.2.0";
  after.packages["iperf3"] = "3.16";
  after.cases[0].outcome = Outcome::pass;
  after.cases[0].fault_class = FaultClass::healthy;
  after.cases[0].axes = {{"router.lro", "on"}};
  after.cases[0].findings.clear();
  after.cases[0].measured->frag_fails = 0;
  ComparedRun first = compared(sample_run(), "a");
  ComparedRun second = compared(after, "b");
  first.settings = {{{"router wan", "large-receive-offload", "off", "off"}, {"router wan", "mtu", "1500", "1500"}}};
  second.settings = {{{"router wan", "large-receive-offload", "on", "off"}, {"router wan", "mtu", "1500", "1500"}}};
  const RunDifference difference = compare_runs(first, second);
  EXPECT_FALSE(have_same_verdicts(difference));
  EXPECT_THAT(difference.environment, ElementsAre(ChangedValue{"host", "qemu", "7.2.22", "8.2.0"},
                                                  ChangedValue{"package", "iperf3", "3.12-1+deb12u2", "3.16"}));
  const CaseDifference& storm = difference.cases[0];
  EXPECT_THAT(storm.settings, ElementsAre(ChangedValue{"case", "router.lro", "off", "on"},
                                          ChangedValue{"router wan", "large-receive-offload", "off", "on"}));
  EXPECT_THAT(storm.no_longer_violated, ElementsAre(Invariant::bogus_frag_needed));
  EXPECT_THAT(storm.counters, ElementsAre(ChangedCounter{"frag_fails", 18, 0}));
  EXPECT_THAT(run_diff(difference), HasSubstr("fail lro-orphan-storm -> pass healthy"));
  EXPECT_THAT(run_diff(difference), HasSubstr("1 of 5 cases have another verdict"));
}

TEST(CompareRuns, TheIntervalSaysWhetherGoodputDiffers) {
  const auto with_rates = [](double rate) {
    RunResult run = sample_run();
    run.cases.resize(1);
    run.cases[0].measured->intervals.clear();
    for (int i = 0; i < 100; ++i)
      run.cases[0].measured->intervals.push_back({0.1 * i, 0.1, rate * (1 + 0.05 * ((i * 7) % 5 - 2)), false});
    return run;
  };
  const RunDifference faster = compare_runs(compared(with_rates(100e6), "a"), compared(with_rates(200e6), "b"));
  ASSERT_TRUE(faster.cases[0].goodput);
  EXPECT_NEAR(faster.cases[0].goodput->value, 2, 0.01);
  EXPECT_GT(faster.cases[0].goodput->low, 1.5);
  const RunDifference same = compare_runs(compared(with_rates(100e6), "a"), compared(with_rates(100e6), "b"));
  EXPECT_LE(same.cases[0].goodput->low, 1);
  EXPECT_GE(same.cases[0].goodput->high, 1);
  EXPECT_THAT(run_diff(same), HasSubstr("no difference can be told"));
}

TEST(CompareRuns, CasesThatOnlyOneRunHasAreNoSameVerdict) {
  RunResult after = sample_run();
  after.cases.pop_back();
  const RunDifference difference = compare_runs(compared(sample_run(), "a"), compared(after, "b"));
  EXPECT_FALSE(have_same_verdicts(difference));
  EXPECT_THAT(difference.only_before, ElementsAre("router.model=e1000"));
}

TEST(CompareRuns, CasesOfDifferentNamesAreComparedWhenAsked) {
  const RunDifference difference =
      compare_runs(compared(sample_run(), "a"), compared(sample_run(), "a"), {{"hypervisor-lro", "control-lro-on"}});
  ASSERT_EQ(difference.cases.size(), 1U);
  EXPECT_FALSE(have_same_verdicts(difference));
  const auto document = nlohmann::json::parse(run_difference_json(difference));
  EXPECT_EQ(document.at("cases").at(0).at("after").at("id"), "control-lro-on");
  EXPECT_EQ(refusal([] {
              compare_runs(compared(sample_run(), "a"), compared(sample_run(), "b"), {{"hypervisor-lro", "none"}});
            }),
            "b has no case 'none'");
}

}  // namespace
}  // namespace offlab
