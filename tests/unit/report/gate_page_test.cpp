// A gate's answer on one page, and as JSON.
#include "report/gate_page.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/json.h"
#include "record/gate_json.h"

namespace offlab {
namespace {

CaseResult judged(Outcome outcome, FaultClass fault_class) {
  return {.id = "x", .outcome = outcome, .forwarding = outcome, .fault_class = fault_class, .folder = "cases/01-x"};
}

GateReport measured() {
  GateReport report{.name = "vmxnet3-router",
                    .case_id = "control-lro-on",
                    .baseline = {"router.lro=on", judged(Outcome::pass, FaultClass::healthy)},
                    .candidate = {"router.lro=off", judged(Outcome::pass, FaultClass::healthy)},
                    .answer = GateAnswer::worse,
                    .why = "goodput -18.1 %"};
  report.pairs = {{true, {400e6, 3.0}, {330e6, 3.5}}, {false, {410e6, 3.1}, {335e6, 3.6}}};
  report.goodput = Comparison{GateAnswer::worse, {2, std::log(0.819), 0.05, 0.3}, true};
  report.cpu = Comparison{GateAnswer::undecided, {2, std::log(0.86), std::nullopt, std::nullopt}, false};
  return report;
}

TEST(GatePage, HasBothArmsTheFiguresAndTheAnswer) {
  EXPECT_EQ(
      gate_page(measured(), "runs/x"),
      "\n"
      "vmxnet3-router, case control-lro-on: WORSE\n"
      "  goodput -18.1 %\n"
      "\n"
      "  baseline   router.lro=on                             healthy\n"
      "  candidate  router.lro=off                            healthy\n"
      "\n"
      "                          baseline       candidate      delta         95 % interval  pairs  answer\n"
      "  goodput               410 Mbit/s      335 Mbit/s    -18.1 %      -22.1 .. -13.9 %      2  worse\n"
      "  CPU s for 1 Gbit            3.10            3.60    +16.3 %       no interval yet      2  undecided\n"
      "  goodput: neighbouring pairs depend on each other (correlation 0.30): the interval is too narrow, the answer "
      "less certain than it says\n"
      "  The interval holds at every look: stopping early does not make it wrong more often.\n"
      "\n"
      "evidence: runs/x\n");
}

TEST(GatePage, OfClassesAloneHasNoFigures) {
  GateReport report{.name = "f",
                    .case_id = "plain",
                    .baseline = {"", judged(Outcome::pass, FaultClass::healthy)},
                    .candidate = {"router.lro=off", judged(Outcome::fail, FaultClass::lro_orphan_storm)},
                    .answer = GateAnswer::worse,
                    .why = "the candidate has a fault"};
  report.again = judged(Outcome::fail, FaultClass::lro_orphan_storm);
  EXPECT_EQ(gate_page(report, "runs/x"),
            "\n"
            "f, case plain: WORSE\n"
            "  the candidate has a fault\n"
            "\n"
            "  baseline   as it is                                  healthy\n"
            "  candidate  router.lro=off                            lro-orphan-storm\n"
            "  again      in a second lab                           lro-orphan-storm\n"
            "\n"
            "  The classes decide: figures were not compared.\n"
            "\n"
            "evidence: runs/x\n");
}

TEST(GateJson, HasSharesAndEveryPair) {
  const auto document = nlohmann::json::parse(gate_json(measured()));
  EXPECT_EQ(document["schema"], "offlab.gate/1");
  EXPECT_EQ(document["answer"], "worse");
  EXPECT_NEAR(document["goodput"]["delta"].get<double>(), -0.181, 1e-9);
  EXPECT_NEAR(document["goodput"]["interval"][0].get<double>(), 0.819 * std::exp(-0.05) - 1, 1e-9);
  EXPECT_EQ(document["goodput"]["interval_too_narrow"], true);
  EXPECT_NEAR(document["cpu"]["delta"].get<double>(), 1 / 0.86 - 1, 1e-9);
  EXPECT_TRUE(document["cpu"]["interval"].is_null());
  EXPECT_EQ(document["pairs"].size(), 2U);
  EXPECT_EQ(document["pairs"][1]["first"], "candidate");
  EXPECT_EQ(document["pairs"][1]["baseline"]["goodput_bps"], 410e6);
  EXPECT_EQ(document["baseline"]["settings"], "router.lro=on");
  EXPECT_EQ(document["candidate"]["class"], "healthy");
  EXPECT_TRUE(document["again"].is_null());
}

}  // namespace
}  // namespace offlab
