// A bisection's answer, for a terminal and as JSON.
#include "report/bisect_page.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "record/bisect_json.h"

namespace offlab {
namespace {

BisectStep step(const std::string& id, bool shows, FaultClass fault_class) {
  const Outcome outcome = fault_class == FaultClass::healthy ? Outcome::pass : Outcome::fail;
  return {id, shows, {.id = id, .outcome = outcome, .forwarding = outcome, .fault_class = fault_class}, "01"};
}

BisectReport proven() {
  return {.name = "file",
          .good = "plain",
          .bad = "bad",
          .fault_class = FaultClass::lro_orphan_storm,
          .searched = {"router.lro=off", "lan.mtu=1400", "hypervisor.lro=passthrough"},
          .steps = {step("router.lro=off,hypervisor.lro=passthrough", true, FaultClass::lro_orphan_storm),
                    step("good", false, FaultClass::healthy)},
          .end = SearchEnd::proven,
          .found = {"router.lro=off", "hypervisor.lro=passthrough"},
          .likelihood = 0.999};
}

TEST(BisectPage, NamesTheCulpritsAndTheProof) {
  EXPECT_EQ(bisect_page(proven(), "runs/x"),
            "\nfile, case bad against plain: 2 runs\n"
            "lro-orphan-storm comes from router.lro=off with hypervisor.lro=passthrough\n"
            "  proven: with it the fault showed twice; with each part of it taken away, twice it did not\n"
            "\nevidence: runs/x\n");
  EXPECT_EQ(bisect_step_line(7, proven().steps[0]),
            "  7  shows it      lro-orphan-storm        router.lro=off,hypervisor.lro=passthrough\n");
}

TEST(BisectPage, SaysWhyThereIsNoProof) {
  BisectReport report = proven();
  report.end = SearchEnd::no_more_tries;
  EXPECT_NE(bisect_page(report, "x")
                .find("not proven within 2 runs; the likeliest: router.lro=off with "
                      "hypervisor.lro=passthrough (100 %)"),
            std::string::npos);
  report.end = SearchEnd::not_monotone;
  EXPECT_NE(bisect_page(report, "x").find("no answer: lro-orphan-storm comes and goes"), std::string::npos);
  report.end = SearchEnd::no_fault;
  report.steps = {step("bad", false, FaultClass::healthy)};
  EXPECT_NE(bisect_page(report, "x").find("the bad case, bad, shows no fault: healthy"), std::string::npos);
}

TEST(BisectJson, HasEveryRun) {
  const auto document = nlohmann::json::parse(bisect_json(proven()));
  EXPECT_EQ(document["schema"], "offlab.bisect/1");
  EXPECT_EQ(document["end"], "proven");
  EXPECT_EQ(document["class"], "lro-orphan-storm");
  EXPECT_EQ(document["steps"].size(), 2U);
  EXPECT_EQ(document["steps"][1]["case"], "good");
  EXPECT_EQ(document["steps"][1]["shows"], false);
}

}  // namespace
}  // namespace offlab
