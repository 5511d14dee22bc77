// A night on one page, as JSON, and nights side by side.
#include "report/night_page.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "record/night_json.h"

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;

const HistoryHost host{"lab-1", "tcg", "7.2.22", "6.1.0"};

NightCaseReport judged(const std::string& id, Outcome outcome, FaultClass fault_class, Standing standing) {
  CaseResult result{.id = id, .outcome = outcome, .forwarding = outcome, .fault_class = fault_class};
  result.folder = "cases/01-" + id;
  result.recorded = Recorded::recorded;
  return {.part = "routers", .result = result, .standing = standing, .folder = "/n/parts/routers"};
}

NightReport some_night() {
  NightReport report{.campaign = "lab", .night = "n", .host = host, .started = "2026-11-29T01:00:00Z", .seconds = 3600};
  report.outcome = Outcome::fail;
  report.cases = {judged("good", Outcome::pass, FaultClass::healthy, Standing::gates),
                  judged("storm", Outcome::fail, FaultClass::lro_orphan_storm, Standing::gates),
                  judged("new", Outcome::fail, FaultClass::unknown, Standing::unproven),
                  judged("flaky", Outcome::fail, FaultClass::unknown, Standing::quarantined),
                  judged("late", Outcome::skip, FaultClass::healthy, Standing::gates)};
  report.cases[1].fresh = true;
  report.cases[1].cause = "product: it fails again, and passes with the last good image";
  report.cases[1].repeats = Repeats{.again = {.fails = true, .fault_class = "lro-orphan-storm", .folder = "/n/r/1"},
                                    .last_good_image = {.fails = false, .folder = "/n/r/2"},
                                    .last_good_offlab = {.why_not = "it is the same as tonight"},
                                    .last_good_both = {.why_not = "one of them is the same as tonight"}};
  report.cases[2].note = "its topology file is new or has changed: 1 of 3 passes in a row";
  report.cases[4].result.recorded = Recorded::left_out;
  report.cases[4].result.fault_class.reset();
  report.cases[4].result.reason = "the night was too short for it";
  report.alarms = {{.night = "n",
                    .part = "routers",
                    .case_id = "good",
                    .host = host,
                    .since = "n-3",
                    .change = std::log(0.9),
                    .p_value = 1e-7,
                    .answer = "worse"}};
  report.notes = {"quarantine: something"};
  return report;
}

TEST(NightPage, EachCaseThatMattersWithItsEvidenceAndItsCause) {
  const std::string page = night_page(some_night(), "/n");
  EXPECT_THAT(page, HasSubstr("FAIL night of lab"));
  EXPECT_THAT(page, HasSubstr("3 fail, 1 left out, 1 pass; 3600 s\n"));
  EXPECT_THAT(page, HasSubstr("Not passed, and the night's answer:\n  fail         routers storm: lro-orphan-storm\n"
                              "      evidence: /n/parts/routers/cases/01-storm\n"));
  EXPECT_THAT(page, HasSubstr("      again                        fails (lro-orphan-storm)  /n/r/1\n"
                              "      with the last good image     passes  /n/r/2\n"
                              "      with the last good offlab    not run: it is the same as tonight\n"));
  EXPECT_THAT(page, HasSubstr("cause: product: it fails again"));
  EXPECT_THAT(page, HasSubstr("routers good: -10.0 % since n-3, measured again and confirmed\n"));
  EXPECT_THAT(page, HasSubstr("Not passed, and not counted:\n  fail         routers new: unknown\n"));
  EXPECT_THAT(page, HasSubstr("In quarantine:\n  fail         routers flaky: unknown\n"));
  EXPECT_THAT(page, HasSubstr("Left out, as there was no time:\n  skip         routers late: "));
  EXPECT_THAT(page, HasSubstr("quarantine: something"));
  EXPECT_THAT(page, Not(HasSubstr("routers good: healthy")));
}

TEST(NightPage, ANameCannotMakeALineOfItsOwn) {
  NightReport report = some_night();
  report.cases[1].result.id = "storm\nPASS night of lab";
  EXPECT_THAT(night_page(report, "/n"), Not(HasSubstr("\nPASS night")));
}

TEST(NightJson, HasTheAnswerAndTheCauses) {
  const auto document = nlohmann::json::parse(night_json(some_night()));
  EXPECT_EQ(document.at("schema"), "offlab.night/1");
  EXPECT_EQ(document.at("outcome"), "fail");
  EXPECT_EQ(document.at("cases").size(), 5U);
  EXPECT_EQ(document.at("cases")[1].at("repeats").at("last_good_image").at("fails"), false);
  EXPECT_EQ(document.at("cases")[1].at("repeats").at("last_good_offlab").at("fails"), nullptr);
  EXPECT_EQ(document.at("cases")[4].at("class"), nullptr);
  EXPECT_NEAR(document.at("alarms")[0].at("change").get<double>(), -0.1, 1e-9);
}

TEST(NightBegin, IsReadAsItWasWritten) {
  NightBegin begin;
  begin.question.night = {
      .id = "n", .campaign = "lab", .started = "2026-11-29T01:00:00Z", .finished = "", .folder = "/n"};
  begin.question.host = "lab-1";
  begin.question.today = "2026-11-29";
  begin.question.deadline_seconds = 3600;
  begin.question.parts = {{"routers", "digest", {{"a", false}, {"b", true}}}};
  begin.campaign_file = "/etc/campaign.toml";
  begin.history = "/var/history";
  begin.hosts = "/etc/hosts.toml";
  begin.tags = {"kvm", "rack-3"};
  const NightBegin read = night_begin_from_json(night_begin_json(begin));
  EXPECT_EQ(read.question, begin.question);
  EXPECT_EQ(read.campaign_file, begin.campaign_file);
  EXPECT_EQ(read.history, begin.history);
  EXPECT_EQ(read.hosts, begin.hosts);
  EXPECT_EQ(read.tags, begin.tags);
  EXPECT_THROW(night_begin_from_json("{}"), Error);
  EXPECT_THROW(night_begin_from_json("no JSON"), Error);
  EXPECT_THROW(night_begin_from_json(R"({"schema": "offlab.night-begin/9"})"), Error);
}

std::vector<HistoryRow> three_nights() {
  std::vector<HistoryRow> rows;
  for (const char* night : {"n-1", "n-2", "n-3"}) {
    HistoryRow row{.night = night, .part = "routers", .case_id = "one", .host = host};
    row.outcome = Outcome::pass;
    row.goodput_bps = 8e8;
    row.control_bps = 1e9;
    rows.push_back(row);
  }
  rows[1].outcome = Outcome::fail;
  rows[1].goodput_bps = 1e7;
  return rows;
}

TEST(HistoryTable, ALineForEachCase) {
  const std::string table = history_table(three_nights(), {}, {}, "");
  EXPECT_THAT(table, HasSubstr("lab-1 (tcg, QEMU 7.2.22, kernel 6.1.0)\n"
                               "  .F.                               2 of 3      80 %  routers one\n"));
  EXPECT_EQ(history_table(three_nights(), {}, {}, "other"), "no case has 'other' in its id\n");
  EXPECT_EQ(history_table({}, {}, {}, ""), "no night is in the history\n");
}

TEST(HistoryChart, ALineForEachNight) {
  const Alarm alarm{.night = "n-3",
                    .part = "routers",
                    .case_id = "one",
                    .host = host,
                    .since = "n-2",
                    .change = std::log(0.9),
                    .p_value = 1e-7,
                    .answer = "worse"};
  const std::string chart = history_chart(three_nights(), {alarm}, "one");
  EXPECT_THAT(chart, HasSubstr("  n-1  pass         80.0 %  #########################               \n"));
  EXPECT_THAT(chart,
              HasSubstr("  n-2  fail          1.0 %                                            <- -10.0 % worse\n"));
  EXPECT_EQ(history_chart({}, {}, "one"), "no case has the id 'one'\n");
}

}  // namespace
}  // namespace offlab
