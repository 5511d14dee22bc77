// Counting right and wrong verdicts.
#include "selftest/error_rates.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

CaseResult case_of(const std::string& id, FaultClass expect, Outcome outcome) {
  CaseResult one{.id = id, .axes = {}, .outcome = outcome, .forwarding = outcome, .fault_class = {}};
  one.expect = expect;
  return one;
}

CaseResult healthy(Outcome outcome) {
  return case_of("router/case", FaultClass::healthy, outcome);
}

CaseResult storm(Outcome outcome) {
  return case_of("router/storm", FaultClass::lro_orphan_storm, outcome);
}

// Of a textbook: 0 of n has the bound 1 - 0.05^(1/n), n of n has 1.
TEST(UpperBound, IsClopperPearsons) {
  EXPECT_NEAR(upper_bound(0, 100), 0.02951, 1e-5);
  EXPECT_NEAR(upper_bound(0, 1), 0.95, 1e-6);
  EXPECT_NEAR(upper_bound(1, 20), 0.21611, 1e-5);
  EXPECT_NEAR(upper_bound(5, 10), 0.77756, 1e-5);
  EXPECT_EQ(upper_bound(3, 3), 1);
  EXPECT_EQ(upper_bound(0, 0), 1);
}

TEST(ErrorRates, CountEachKindApart) {
  ErrorRates rates;
  rates.count({healthy(Outcome::pass), healthy(Outcome::fail), healthy(Outcome::inconclusive), storm(Outcome::pass),
               storm(Outcome::pass), storm(Outcome::error), storm(Outcome::skip)});
  EXPECT_EQ(rates.healthy.right, 1U);
  EXPECT_EQ(rates.healthy.wrong, 1U);
  EXPECT_EQ(rates.healthy.inconclusive, 1U);
  EXPECT_EQ(rates.faulty.right, 2U);
  EXPECT_EQ(rates.faulty.wrong, 0U);
  EXPECT_EQ(rates.faulty.broken, 2U);
  EXPECT_EQ(rates.not_right.size(), 4U);
}

TEST(ErrorRates, FailWhenAnythingWasWrong) {
  ErrorRates rates;
  rates.count({healthy(Outcome::pass), storm(Outcome::pass)});
  EXPECT_EQ(rates.outcome(), Outcome::pass);
  rates.count({storm(Outcome::fail)});
  EXPECT_EQ(rates.outcome(), Outcome::fail);
}

TEST(ErrorRates, AreInconclusiveWhenOneKindWasNeverJudged) {
  ErrorRates rates;
  rates.count({healthy(Outcome::pass), storm(Outcome::inconclusive)});
  EXPECT_EQ(rates.outcome(), Outcome::inconclusive);
}

TEST(ErrorRates, NameWhatWasNotRight) {
  ErrorRates rates;
  CaseResult missed = storm(Outcome::fail);
  missed.fault_class = FaultClass::healthy;
  missed.reason = "nothing was seen";
  rates.count({missed});
  EXPECT_NE(describe(rates).find("router/storm: fail, expected lro-orphan-storm, found healthy: nothing was seen"),
            std::string::npos);
  EXPECT_NE(markdown(rates).find("| faulty | 1 | 1 | 100.0 % | 0 | 0 |"), std::string::npos);
}

}  // namespace
}  // namespace offlab
