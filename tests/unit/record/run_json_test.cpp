// run.json: the fields that programs outside this repository read, with their types.
#include "record/run_json.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "runner/run_matrix.h"
#include "unit/recorded_run.h"
#include "unit/report/sample_run.h"

namespace offlab {
namespace {

using nlohmann::json;

json document(const RunResult& run = sample_run()) {
  return json::parse(run_json(run));
}

TEST(RunJson, HasTheContractsFieldsOfTheRun) {
  const json run = document();
  EXPECT_EQ(run.at("schema"), "offlab.run/1");
  EXPECT_EQ(run.at("outcome"), "fail");
  EXPECT_EQ(run.at("question"), "healthy");
  EXPECT_EQ(run.at("name"), "vmxnet3-router");
  EXPECT_EQ(run.at("started"), "2026-11-24T06:38:54Z");
  EXPECT_EQ(run.at("seconds"), 37.05);
  EXPECT_EQ(run.at("host").at("accel"), "tcg");
  EXPECT_EQ(run.at("host").at("cpus"), 2);
  EXPECT_TRUE(run.at("host").at("cpus").is_number_integer());
  for (const char* key : {"kernel", "qemu", "libvirt"}) EXPECT_TRUE(run.at("host").at(key).is_string()) << key;
  EXPECT_EQ(run.at("image").at("packages").at("iperf3"), "3.12-1+deb12u2");
  EXPECT_EQ(run.at("cases").size(), 5U);
}

TEST(RunJson, HasTheContractsFieldsOfACase) {
  const json one = document().at("cases").at(0);
  EXPECT_EQ(one.at("id"), "hypervisor-lro");
  EXPECT_EQ(one.at("axes"), json({{"router.lro", "off"}}));
  EXPECT_EQ(one.at("outcome"), "fail");
  EXPECT_EQ(one.at("forwarding"), "fail");
  EXPECT_EQ(one.at("class"), "lro-orphan-storm");
  EXPECT_EQ(one.at("expect"), "healthy");
  EXPECT_EQ(one.at("reason"), "");
  EXPECT_EQ(one.at("artifacts"),
            json({"cases/01-hypervisor-lro/case.json", "cases/01-hypervisor-lro/case/router-wan.pcapng"}));
}

TEST(RunJson, HasTheContractsFieldsOfAFinding) {
  const json findings = document().at("cases").at(0).at("findings");
  EXPECT_EQ(findings.at(0).at("invariant"), "bogus-frag-needed");
  EXPECT_EQ(findings.at(0).at("outcome"), "fail");
  EXPECT_EQ(findings.at(0).at("value"), 18);
  EXPECT_EQ(findings.at(0).at("limit"), 0);
  EXPECT_TRUE(findings.at(0).at("value").is_number());
  EXPECT_EQ(findings.at(0).at("text"), "the router refused 18 packets");
  EXPECT_EQ(findings.at(0).at("frames").at(1).at("frame"), 22);
  EXPECT_EQ(findings.at(0).at("frames").at(1).at("point"), "router-wan");
  EXPECT_FALSE(findings.at(0).contains("warning"));
  EXPECT_EQ(findings.at(1).at("warning"), true);
  EXPECT_FALSE(findings.at(1).contains("frames"));
}

TEST(RunJson, HasTheContractsMeasurements) {
  const json measured = document().at("cases").at(0).at("measurements");
  EXPECT_EQ(measured.at("goodput_bps"), 1.9e6);
  EXPECT_NEAR(measured.at("amplification").get<double>(), 266'726.0 / 203'014, 1e-12);
  EXPECT_EQ(measured.at("retransmit_ratio"), 0.18);
  for (const char* key : {"frag_needed_router", "frag_needed_wire", "frag_needed_sender", "frag_fails", "superframes",
                          "bogus_frag_needed"}) {
    EXPECT_EQ(measured.at(key), 18) << key;
    EXPECT_TRUE(measured.at(key).is_number_integer()) << key;
  }
  EXPECT_EQ(measured.at("smallest_refused_bytes"), 2948);
  EXPECT_EQ(measured.at("largest_refused_bytes"), 7292);
  EXPECT_EQ(measured.at("advertised_mtu"), 1500);
  EXPECT_EQ(measured.at("intervals").size(), 2U);
  EXPECT_EQ(measured.at("intervals").at(0).at("warmup"), true);
  EXPECT_EQ(measured.at("intervals").at(1).at("goodput_bps"), 1.9e6);
  EXPECT_EQ(document().at("cases").at(0).at("control").at("goodput_bps"), 400e6);
}

TEST(RunJson, KeepsTheGoodputOfEveryRound) {
  RunResult run = sample_run();
  EXPECT_FALSE(document(run).at("cases").at(0).at("measurements").contains("other_rounds"));
  run.cases[0].measured->other_rounds = {{{0, 0.1, 2e6, false}}, {{0, 0.1, 3e6, false}, {0.1, 0.1, 4e6, false}}};
  const RunResult read = run_from_json(run_json(run));
  EXPECT_EQ(read.cases.at(0).measured->other_rounds, run.cases[0].measured->other_rounds);
}

TEST(RunJson, WhatIsAbsentIsNullAndNeverZero) {
  RunResult run = sample_run();
  run.cases[0].measured = LegMeasurements{};
  const json measured = document(run).at("cases").at(0).at("measurements");
  for (const auto& [key, value] : measured.items())
    EXPECT_TRUE(value.is_null() || key == "intervals" || key == "drops" || key == "nic_errors" ||
                key == "capture_drops")
        << key << " is " << value;
  EXPECT_EQ(measured.at("intervals"), json::array());
}

TEST(RunJson, ACaseThatWasNotJudgedHasNoClassAndNoMeasurements) {
  const json skipped = document().at("cases").at(3);
  EXPECT_EQ(skipped.at("outcome"), "skip");
  EXPECT_TRUE(skipped.at("class").is_null());
  EXPECT_EQ(skipped.at("measurements"), json::object());
  EXPECT_EQ(skipped.at("control"), json::object());
  EXPECT_EQ(skipped.at("findings"), json::array());
  EXPECT_EQ(skipped.at("artifacts"), json::array());
  EXPECT_EQ(skipped.at("reason"), "virtio has no LRO");
  EXPECT_TRUE(document().at("cases").at(2).at("class").is_null());
}

TEST(RunJson, IsJsonWhateverTheGuestsSaid) {
  RunResult run = sample_run();
  run.cases[0].reason = "router: \xff\x01 \"x\"";
  EXPECT_NE(document(run).at("cases").at(0).at("reason").get<std::string>().find("\"x\""), std::string::npos);
}

TEST(RunJson, TellsTheQuestion) {
  RunResult run = sample_run();
  run.question = Question::as_expected;
  EXPECT_EQ(document(run).at("question"), "as-expected");
}

TEST(RunJson, SurvivesAnEnvironmentThatSomebodyEdited) {
  RunResult run = sample_run();
  run.host["cpus"] = "two";
  EXPECT_NO_THROW(run_json(run));
}

// Everything but what JSON does not have: derived numbers, and what only the judging needs.
void expect_same(const RunResult& read, const RunResult& run) {
  EXPECT_EQ(run_json(read), run_json(run));
  EXPECT_EQ(read.outcome, run.outcome);
  EXPECT_EQ(read.question, run.question);
  EXPECT_EQ(read.host, run.host);
  EXPECT_EQ(read.image, run.image);
  EXPECT_EQ(read.packages, run.packages);
  EXPECT_EQ(read.plan_digest, run.plan_digest);
  ASSERT_EQ(read.cases.size(), run.cases.size());
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    EXPECT_EQ(read.cases[i].findings, run.cases[i].findings) << run.cases[i].id;
    EXPECT_EQ(read.cases[i].diagnosis, run.cases[i].diagnosis) << run.cases[i].id;
    EXPECT_EQ(read.cases[i].fault_class, run.cases[i].fault_class) << run.cases[i].id;
    EXPECT_EQ(read.cases[i].recorded, run.cases[i].recorded) << run.cases[i].id;
    EXPECT_EQ(read.cases[i].lab, run.cases[i].lab) << run.cases[i].id;
  }
}

TEST(RunJson, IsReadBack) {
  RunResult run = sample_run();
  run.plan_digest = std::string(64, 'a');
  run.labs = {{{"lab-1", 2}, {{"accel", "tcg"}, {"cpus", "2"}}, {{"name", "debian-12"}}}};
  run.cases[0].recorded = Recorded::recorded;
  run.cases[0].attempts = 2;
  run.cases[0].lab = {"lab-1", 2};
  run.cases[0].digest = std::string(64, 'b');
  run.cases[0].findings[0].interval = {1.5, 2.5};
  run.cases[0].findings[0].device = "router";
  expect_same(run_from_json(run_json(run)), run);
}

TEST(RunJson, OfARecordedRunIsReadBack) {
  const RunResult run = judge_run(recorded_plan(), RunFolder::open(recorded_run_path));
  ASSERT_EQ(run.cases.size(), 4U);
  const RunResult read = run_from_json(run_json(run));
  expect_same(read, run);
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    EXPECT_EQ(amplification(*read.cases[i].measured), amplification(*run.cases[i].measured));
    EXPECT_EQ(wasted_bps(*read.cases[i].control), wasted_bps(*run.cases[i].control));
  }
}

// As `offlab run` wrote it before cases said what their lab did, and numbers came with what they are made of.
TEST(RunJson, OfAnEarlierVersionIsRead) {
  json run = document();
  run.erase("plan_digest");
  run.erase("labs");
  for (json& one : run.at("cases")) {
    for (const char* key : {"recorded", "attempts", "folder", "leg", "digest"}) one.erase(key);
    for (const char* leg : {"measurements", "control"})
      for (const char* key : {"sent_segments", "retransmitted_segments", "data_payload_bytes", "acked_bytes",
                              "unacked_tail_bytes", "capture_seconds"})
        one.at(leg).erase(key);
  }
  const RunResult read = run_from_json(run.dump());
  EXPECT_EQ(read.cases.at(0).recorded, Recorded::recorded);
  EXPECT_EQ(read.cases.at(3).recorded, Recorded::skipped);
  EXPECT_EQ(read.cases.at(4).recorded, Recorded::broken);
  EXPECT_EQ(read.cases.at(0).fault_class, FaultClass::lro_orphan_storm);
}

TEST(RunJson, SaysWhatWasNotTried) {
  RunResult run = sample_run();
  run.cases[4].recorded.reset();
  EXPECT_EQ(document(run).at("cases").at(4).at("recorded"), "not-tried");
  EXPECT_FALSE(run_from_json(run_json(run)).cases[4].recorded);
}

TEST(RunJson, ThatIsDamagedIsRefused) {
  const std::string text = run_json(sample_run());
  EXPECT_THROW(run_from_json(text.substr(0, text.size() / 2)), Error);
  for (const char* other : {"", "{}", "[]", "7", R"({"schema":"offlab.run/2"})",
                            R"({"schema":"offlab.run/1","question":"as-expected","cases":[{"id":1}]})"})
    EXPECT_THROW(run_from_json(other), Error) << other;
  json run = document();
  run.at("cases").at(0).at("outcome") = "great";
  EXPECT_THROW(run_from_json(run.dump()), Error);
  run = document();
  run.at("cases").at(0).at("findings").at(0).at("frames").at(0).erase("point");
  EXPECT_THROW(run_from_json(run.dump()), Error);
}

TEST(RunJson, MayHaveNoCases) {
  RunResult run = sample_run();
  run.cases.clear();
  EXPECT_EQ(document(run).at("cases"), json::array());
}

}  // namespace
}  // namespace offlab
