// report.html: one file, whatever stands in it.
#include "report/html_report.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "sample_run.h"

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;

CaseProfile sample_profile() {
  CaseProfile profile;
  profile.picture = {
      .path = {"server", "wan", "router", "lan", "client"},
      .nodes = {{"router", "router", true, "debian-12", {{"wan", "vmxnet3", 1500, "198.18.2.1/24", "wan"}}}},
      .networks = {"wan", "lan"},
      .points = {{"router-wan", "router", "wan", CaptureSide::host}}};
  LegProfile leg{.name = "case",
                 .step = 0.1,
                 .uplink = {1e6, 2e6},
                 .errors = {0, 3},
                 .goodput = {{0, 0.1, 5e5}},
                 .points = {},
                 .missing = {}};
  leg.points.push_back({"router-wan", "into router (wan)", 1500, {{64, 3}, {1500, 812}}, {{64, 3}, {9000, 95}}});
  profile.legs = {leg};
  profile.settings = {{"router wan", "large-receive-offload", "off", "off"}};
  return profile;
}

HtmlReport sample_report() {
  HtmlReport report = report_of_run(sample_run());
  report.cases[0].profile = sample_profile();
  return report;
}

nlohmann::json data_of(const std::string& page) {
  const std::string begin = R"(<script type="application/json" id="data">)";
  const auto from = page.find(begin) + begin.size();
  return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
}

TEST(HtmlReport, HasTheVerdictTheFramesAndTheCharts) {
  const nlohmann::json data = data_of(html_report(sample_report()));
  EXPECT_EQ(data.at("schema"), "offlab.report/1");
  EXPECT_EQ(data.at("outcome"), "fail");
  const nlohmann::json& storm = data.at("cases").at(0);
  EXPECT_EQ(storm.at("class"), "lro-orphan-storm");
  EXPECT_EQ(storm.at("findings").at(0).at("frames").at(0).at("number"), 20);
  EXPECT_EQ(storm.at("legs").at(0).at("errors"), nlohmann::json({0, 3}));
  EXPECT_EQ(storm.at("legs").at(0).at("points").at(0).at("packets").at(1), nlohmann::json({1500, 812}));
  EXPECT_EQ(storm.at("fault").at("layer"), "hypervisor");
  EXPECT_EQ(storm.at("fault").at("node"), "router");
  EXPECT_EQ(data.at("topologies").size(), 1U);
  EXPECT_EQ(storm.at("topology"), 0);
  EXPECT_FALSE(data.at("cases").at(3).contains("topology"));
}

TEST(HtmlReport, LetsItsOwnScriptsRunAndNothingElse) {
  const std::string page = html_report(sample_report());
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("@CSP@")));
  EXPECT_THAT(page, Not(HasSubstr("'unsafe-inline' 'sha256")));
}

TEST(HtmlReport, ShowsHostileTextAsText) {
  RunResult run = sample_run();
  const std::string hostile = "</script><script>alert(1)</script><!-- \x1b[31m \xff @DATA@";
  run.name = hostile;
  run.cases[0].id = hostile;
  run.cases[0].findings[0].text = hostile;
  const std::string page = html_report(report_of_run(run));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert(1)")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(data_of(page).at("cases").at(0).at("id").get<std::string>(), HasSubstr("</script><script>alert(1)"));
  EXPECT_THAT(page, HasSubstr("<title>&lt;/script&gt;&lt;script&gt;alert(1)"));
}

TEST(HtmlReport, LeavesOutTheChartsThatMatterLeastWhenItGrowsTooLarge) {
  HtmlReport report = sample_report();
  for (ReportCase& one : report.cases) {
    one.profile = sample_profile();
    one.profile.legs[0].uplink.assign(2000, 123456789.0);
  }
  const std::string whole = html_report(report);
  ASSERT_EQ(data_of(whole).at("left_out"), 0);
  const std::string smaller = html_report(report, whole.size() - 30'000);
  EXPECT_LT(smaller.size(), whole.size() - 30'000 + 100);
  const nlohmann::json data = data_of(smaller);
  EXPECT_GT(data.at("left_out"), 0);
  EXPECT_TRUE(data.at("cases").at(0).contains("legs")) << "the failing case keeps its charts";
  EXPECT_FALSE(data.at("cases").at(3).contains("legs")) << "the skipped one goes first";
  EXPECT_EQ(data.at("cases").size(), report.cases.size());
}

TEST(HtmlReport, AThousandCasesFitInto5Megabytes) {
  HtmlReport report = sample_report();
  const ReportCase one = report.cases[0];
  report.cases.assign(1000, one);
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    report.cases[i].result.id += "-" + std::to_string(i);
    report.cases[i].profile.legs[0].uplink.assign(120, 123456789.0);
    report.cases[i].profile.legs.push_back(report.cases[i].profile.legs[0]);
  }
  const std::string page = html_report(report);
  EXPECT_LE(page.size(), largest_report);
  EXPECT_EQ(data_of(page).at("cases").size(), 1000U);
}

TEST(HtmlReport, NamesTheFilesOfAGatesRunsFromItsOwnFolder) {
  GateReport gate;
  gate.name = "vmxnet3-router";
  gate.case_id = "control";
  gate.why = "the candidate has lro-orphan-storm, the baseline is healthy";
  gate.answer = GateAnswer::worse;
  gate.baseline.result = sample_run().cases[1];
  gate.candidate.result = sample_run().cases[0];
  const HtmlReport report = report_of_gate(gate);
  EXPECT_EQ(report.sentence, "The candidate has lro-orphan-storm, the baseline is healthy");
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_EQ(report.cases[1].report, "classes/report.html");
  EXPECT_EQ(report.cases[1].result.artifacts.back(), "classes/cases/01-hypervisor-lro/case/router-wan.pcapng");
}

TEST(HtmlReport, DrawsThePairsOfAGateAgainstItsMargin) {
  GateReport gate;
  gate.answer = GateAnswer::undecided;
  gate.limits.margin = 0.1;
  gate.limits.alpha = 0.01;
  gate.baseline.result = gate.candidate.result = sample_run().cases[1];
  gate.pairs = {{true, {100e6, {}}, {90e6, {}}}, {false, {200e6, {}}, {220e6, {}}}};
  EXPECT_FALSE(report_of_gate(gate).pairs);
  gate.goodput = Comparison{.interval = {.pairs = 2, .mean = std::log(0.95), .half_width = std::log(1.2)}};
  const nlohmann::json pairs = data_of(html_report(report_of_gate(gate))).at("pairs");
  ASSERT_EQ(pairs.at("changes").size(), 2U);
  EXPECT_NEAR(pairs.at("changes")[0], -10, 1e-9);
  EXPECT_NEAR(pairs.at("changes")[1], 10, 1e-9);
  EXPECT_NEAR(pairs.at("mean"), -5, 1e-9);
  EXPECT_NEAR(pairs.at("interval")[0], 100 * (0.95 / 1.2 - 1), 1e-9);
  EXPECT_NEAR(pairs.at("interval")[1], 100 * (0.95 * 1.2 - 1), 1e-9);
  EXPECT_NEAR(pairs.at("interval_percent"), 99, 1e-9);
  EXPECT_NEAR(pairs.at("margin"), -10, 1e-9);
  gate.goodput->interval.half_width.reset();
  EXPECT_TRUE(data_of(html_report(report_of_gate(gate))).at("pairs").at("interval").is_null());
}

TEST(HtmlReport, NamesTheFilesOfANightFromItsOwnFolderAndNoneThatLieElsewhere) {
  NightReport night;
  night.outcome = Outcome::fail;
  NightCaseReport inside{.part = "hazards", .result = sample_run().cases[0]};
  inside.folder = "/runs/night/parts/hazards";
  NightCaseReport outside = inside;
  outside.folder = "/elsewhere/hazards";
  night.cases = {inside, outside};
  const HtmlReport report = report_of_night(night, "/runs/night");
  EXPECT_EQ(report.cases[0].report, "parts/hazards/report.html");
  EXPECT_EQ(report.cases[0].result.folder, "parts/hazards/cases/01-hypervisor-lro");
  EXPECT_EQ(report.cases[1].report, "");
  EXPECT_TRUE(report.cases[1].result.artifacts.empty());
}

TEST(VerdictSentence, NamesTheClassesAndTheWorstCase) {
  EXPECT_EQ(verdict_sentence(sample_run()),
            "1 of 5 cases shows a fault: lro-orphan-storm. Worst: hypervisor-lro, 1.90 Mbit/s instead of 400 Mbit/s. 1 "
            "could not be run to the end. 1 inconclusive: evidence is missing. 1 skipped.");
}

TEST(VerdictSentence, SaysWhatIsNotAsExpected) {
  RunResult run = sample_run();
  run.question = Question::as_expected;
  run.cases.resize(1);
  run.cases[0].expect = FaultClass::wrong_gso_size;
  EXPECT_EQ(verdict_sentence(run),
            "The case did not come out as the file expects: hypervisor-lro is lro-orphan-storm instead of "
            "wrong-gso-size.");
  run.cases[0].outcome = run.outcome = Outcome::pass;
  EXPECT_EQ(verdict_sentence(run), "The case came out as the file expects: 1 known fault caught, 0 healthy.");
}

TEST(VerdictSentence, ARunWithoutEvidenceIsNoPass) {
  RunResult run = sample_run();
  run.cases = {run.cases[2]};
  run.outcome = Outcome::inconclusive;
  EXPECT_EQ(verdict_sentence(run),
            "The case is inconclusive: throughput-floor: no goodput: iperf3 exited with status 1.");
  run.cases.clear();
  EXPECT_EQ(verdict_sentence(run), "No case was run.");
}

}  // namespace
}  // namespace offlab
