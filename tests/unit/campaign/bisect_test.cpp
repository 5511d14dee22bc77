// From a bad case to what makes it bad, with labs that answer as they are told to.
#include "campaign/bisect.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

CaseResult judged(Outcome outcome, std::optional<FaultClass> fault_class) {
  return {.id = "x", .outcome = outcome, .forwarding = outcome, .fault_class = fault_class};
}

class FakeBisectLabs : public BisectLabs {
 public:
  std::function<std::optional<FaultClass>(SettingSet)> fault;  // nothing: it could not be judged
  std::size_t first_bad = 0;

  BisectStep run_settings(SettingSet settings) override { return step(std::to_string(settings), fault(settings)); }
  BisectStep run_version(std::size_t version) override {
    return step(std::to_string(version), version >= first_bad ? FaultClass::lro_orphan_storm : FaultClass::healthy);
  }

 private:
  static BisectStep step(const std::string& id, std::optional<FaultClass> seen) {
    const Outcome outcome = !seen                          ? Outcome::inconclusive
                            : *seen == FaultClass::healthy ? Outcome::pass
                                                           : Outcome::fail;
    return {id, false, judged(outcome, seen), "01"};
  }
};

class BisectTest : public testing::Test {
 protected:
  BisectReport run() {
    return bisect_settings(question_, labs_, [&](const BisectStep& step) { told_.push_back(step.id); });
  }

  BisectQuestion question_{
      .name = "file",
      .good = "plain",
      .bad = "bad",
      .searched = {"router.lro=off", "lan.mtu=1400", "hypervisor.lro=passthrough", "server.tso=off"},
      .suspicion = {6, 3, 8, 3}};
  FakeBisectLabs labs_;
  std::vector<std::string> told_;
};

TEST_F(BisectTest, FindsAPairAndProvesIt) {
  labs_.fault = [](SettingSet set) { return (set & 5U) == 5U ? FaultClass::lro_orphan_storm : FaultClass::healthy; };
  const BisectReport report = run();
  EXPECT_EQ(report.end, SearchEnd::proven);
  EXPECT_EQ(report.found, (std::vector<std::string>{"router.lro=off", "hypervisor.lro=passthrough"}));
  EXPECT_EQ(report.fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(report.steps.size(), told_.size());
  EXPECT_EQ(told_.front(), "15");
  EXPECT_LE(report.steps.size(), 11U);
  EXPECT_GT(report.likelihood, 0.99);
}

TEST_F(BisectTest, AnotherClassIsNotTheFaultThatIsSearchedFor) {
  labs_.fault = [](SettingSet set) {
    if ((set & 5U) == 5U) return FaultClass::lro_orphan_storm;
    return (set & 2U) != 0 ? FaultClass::silent_size_drop : FaultClass::healthy;
  };
  const BisectReport report = run();
  EXPECT_EQ(report.end, SearchEnd::proven);
  EXPECT_EQ(report.found, (std::vector<std::string>{"router.lro=off", "hypervisor.lro=passthrough"}));
}

TEST_F(BisectTest, WithoutAFaultThereIsNothingToSearchFor) {
  labs_.fault = [](SettingSet) { return FaultClass::healthy; };
  const BisectReport report = run();
  EXPECT_EQ(report.end, SearchEnd::no_fault);
  EXPECT_EQ(report.steps.size(), 1U);
  EXPECT_TRUE(report.found.empty());
}

TEST_F(BisectTest, WhatCannotBeJudgedDoesNotShowIt) {
  labs_.fault = [](SettingSet set) -> std::optional<FaultClass> {
    if ((set & 4U) != 0) return FaultClass::lro_orphan_storm;
    return std::nullopt;
  };
  EXPECT_EQ(run().found, std::vector<std::string>{"hypervisor.lro=passthrough"});
}

TEST_F(BisectTest, FindsTheFirstBadVersion) {
  labs_.first_bad = 3;
  question_.searched = {"k=1", "k=2", "k=3", "k=4", "k=5", "k=6"};
  const BisectReport report = bisect_versions(question_, labs_, [](const BisectStep&) {});
  EXPECT_EQ(report.end, SearchEnd::proven);
  EXPECT_EQ(report.found, std::vector<std::string>{"k=4"});
  EXPECT_EQ(report.steps.front().id, "5");
}

TEST(Suspicion, IsHighestForWhatMerges) {
  EXPECT_GT(suspicion_of("hypervisor.lro"), suspicion_of("router.lro"));
  EXPECT_GT(suspicion_of("router.lro"), suspicion_of("lan.mtu"));
  EXPECT_GT(suspicion_of("router.wan.model"), suspicion_of("download.streams"));
}

}  // namespace
}  // namespace offlab
