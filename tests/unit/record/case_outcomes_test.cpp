// Reading how cases ended out of a run.json.
#include "record/case_outcomes.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "record/run_json.h"

namespace offlab {
namespace {

RunResult run_of(CaseResult one, Question question = Question::as_expected) {
  RunResult run{Outcome::pass, question, "router", "", {}, {}, {}, "", 0, {}};
  run.cases.push_back(std::move(one));
  return run;
}

CaseResult storm() {
  CaseResult one{"storm",
                 {},
                 Outcome::pass,
                 Outcome::fail,
                 FaultClass::lro_orphan_storm,
                 FaultClass::lro_orphan_storm,
                 "",
                 {},
                 {},
                 {},
                 {},
                 ""};
  one.artifacts = {"cases/01-storm/case/router-wan.pcapng"};
  return one;
}

TEST(CaseOutcomes, AreReadFromWhatTheReportWrites) {
  const auto cases = read_case_outcomes(run_json(run_of(storm())));
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].id, "storm");
  EXPECT_EQ(cases[0].expect, Expectation(FaultClass::lro_orphan_storm));
  EXPECT_EQ(cases[0].outcome, Outcome::pass);
  EXPECT_EQ(cases[0].found, "lro-orphan-storm");
  EXPECT_EQ(cases[0].artifacts, std::vector<std::string>{"cases/01-storm/case/router-wan.pcapng"});
}

TEST(CaseOutcomes, OfACaseWithoutAClass) {
  CaseResult broken = storm();
  broken.fault_class.reset();
  broken.outcome = Outcome::error;
  broken.reason = "the lab broke";
  const auto cases = read_case_outcomes(run_json(run_of(broken)));
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].found, "");
  EXPECT_EQ(cases[0].reason, "the lab broke");
}

TEST(CaseOutcomes, AreRefusedFromARunWithAnotherQuestion) {
  EXPECT_THROW(read_case_outcomes(run_json(run_of(storm(), Question::healthy))), Error);
}

TEST(CaseOutcomes, AreRefusedFromDamagedText) {
  const std::string text = run_json(run_of(storm()));
  EXPECT_THROW(read_case_outcomes(text.substr(0, text.size() / 2)), Error);
  EXPECT_THROW(read_case_outcomes("{}"), Error);
  EXPECT_THROW(read_case_outcomes(R"({"schema": "offlab.run/1", "question": "as-expected", "cases": [{"id": 1}]})"),
               Error);
}

}  // namespace
}  // namespace offlab
