// gate.json, bisect.json and night.json, read back for reports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/bisect_json.h"
#include "record/gate_json.h"
#include "record/night_json.h"
#include "unit/refusal.h"
#include "unit/report/sample_run.h"

namespace offlab {
namespace {

using testing::HasSubstr;

GateReport sample_gate() {
  GateReport gate;
  gate.name = "vmxnet3-router";
  gate.case_id = "control-lro-on";
  gate.answer = GateAnswer::worse;
  gate.why = "the candidate is slower by more than 10 %";
  gate.limits = {.margin = 0.1, .alpha = 0.05, .most_pairs = 12};
  gate.baseline = {"as it is", sample_run().cases[1]};
  gate.candidate = {"router.lro=off", sample_run().cases[0]};
  gate.again = sample_run().cases[0];
  gate.goodput = Comparison{GateAnswer::worse, {6, -0.25, 0.05, 0.1}, false};
  gate.cpu = Comparison{GateAnswer::undecided, {6, -0.02, std::nullopt, std::nullopt}, true};
  gate.pairs = {{true, {400e6, 1.5}, {300e6, std::nullopt}, 800e6}, {false, {410e6, 1.4}, {290e6, 1.6}, std::nullopt}};
  return gate;
}

TEST(GateJson, IsReadBackWithItsIntervalsAndPairs) {
  const GateReport gate = sample_gate();
  const GateReport read = gate_from_json(gate_json(gate));
  EXPECT_EQ(read.name, gate.name);
  EXPECT_EQ(read.answer, gate.answer);
  EXPECT_EQ(read.why, gate.why);
  EXPECT_EQ(read.limits.margin, gate.limits.margin);
  EXPECT_EQ(read.candidate.words, "router.lro=off");
  EXPECT_EQ(read.candidate.result.fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(read.candidate.result.folder, gate.candidate.result.folder);
  EXPECT_TRUE(read.again);
  EXPECT_EQ(read.pairs, gate.pairs);
  EXPECT_NEAR(read.goodput->interval.mean, -0.25, 1e-9);
  EXPECT_NEAR(*read.goodput->interval.half_width, 0.05, 1e-9);
  EXPECT_NEAR(read.cpu->interval.mean, -0.02, 1e-9);
  EXPECT_FALSE(read.cpu->interval.half_width);
  EXPECT_TRUE(read.cpu->too_narrow);
  EXPECT_EQ(gate_json(gate_from_json(gate_json(gate))), gate_json(gate));
}

TEST(BisectJson, IsReadBack) {
  BisectReport report;
  report.name = "vmxnet3-router";
  report.good = "control";
  report.bad = "hypervisor-lro";
  report.fault_class = FaultClass::lro_orphan_storm;
  report.flake_rate = 0.02;
  report.searched = {"router.lro=off", "hypervisor.lro=passthrough"};
  report.steps = {{"hypervisor-lro", true, sample_run().cases[0], "01"}, {"good", false, sample_run().cases[1], "02"}};
  report.end = SearchEnd::proven;
  report.found = {"hypervisor.lro=passthrough"};
  report.likelihood = 0.99;
  EXPECT_EQ(bisect_json(bisect_from_json(bisect_json(report))), bisect_json(report));
  EXPECT_EQ(bisect_from_json(bisect_json(report)).steps[0].result.fault_class, FaultClass::lro_orphan_storm);
}

TEST(NightJson, IsReadBack) {
  NightReport night;
  night.campaign = "nightly";
  night.night = "2026-11-24";
  night.outcome = Outcome::fail;
  night.started = "2026-11-24T01:00:00Z";
  night.seconds = 3600;
  night.parts = {{"hazards", "hazards", ""}, {"field", "", "the disk is full"}};
  NightCaseReport one{.part = "hazards", .result = sample_run().cases[0], .standing = Standing::quarantined};
  one.note = "quarantine of alice until 2026-12-24";
  one.fresh = true;
  one.cause = "the image is new";
  one.folder = "hazards";
  one.repeats = Repeats{
      {true, "lro-orphan-storm", "", "again"}, {std::nullopt, "", "no such image", ""}, {false, "", "", ""}, {}};
  night.cases = {one};
  night.alarms = {{.night = "2026-11-24",
                   .part = "hazards",
                   .case_id = "x",
                   .since = "2026-11-20",
                   .change = -0.2,
                   .p_value = 0.001,
                   .answer = "worse"}};
  night.notes = {"a note"};
  EXPECT_EQ(night_json(night_from_json(night_json(night))), night_json(night));
  const NightReport read = night_from_json(night_json(night));
  EXPECT_EQ(read.cases[0].standing, Standing::quarantined);
  EXPECT_EQ(read.cases[0].repeats, one.repeats);
  EXPECT_NEAR(read.alarms[0].change, -0.2, 1e-12);
}

TEST(CampaignJson, DamagedTextsAreRefusedByName) {
  EXPECT_THAT(refusal([] { gate_from_json("{}"); }), HasSubstr("gate.json is damaged"));
  EXPECT_THAT(refusal([] { bisect_from_json("[]"); }), HasSubstr("bisect.json is damaged"));
  EXPECT_THAT(refusal([] { night_from_json("night"); }), HasSubstr("night.json is damaged"));
  std::string text = gate_json(sample_gate());
  text.replace(text.find("offlab.gate/1"), 13, "offlab.gate/9");
  EXPECT_THAT(refusal([&] { gate_from_json(text); }), HasSubstr("another schema"));
}

}  // namespace
}  // namespace offlab
