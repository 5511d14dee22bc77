#include "campaign/case_history.h"

#include <cmath>

#include <gtest/gtest.h>

namespace offlab {
namespace {

const HistoryHost host{"lab-1", "tcg", "7.2.22", "6.1.0"};

// Night by night a hundredth above and below 90 % of the control.
std::vector<HistoryRow> nights(unsigned count, const std::string& part = "routers") {
  std::vector<HistoryRow> rows;
  for (unsigned night = 0; night < count; ++night) {
    HistoryRow row{.night = std::to_string(night), .part = part, .case_id = "one"};
    row.host = host;
    row.file_digest = "of " + part;
    row.outcome = Outcome::pass;
    row.fault_class = FaultClass::healthy;
    row.goodput_bps = 0.9e9 * std::exp(night % 2 == 0 ? 0.01 : -0.01);
    row.control_bps = 1e9;
    rows.push_back(row);
  }
  return rows;
}

TEST(HistoryOfCase, ACaseThatWasNeverRunHasNone) {
  EXPECT_EQ(history_of_case(nights(30), "lab-1", "two", ""), CaseHistory());
  EXPECT_EQ(history_of_case(nights(30), "lab-2", "one", ""), CaseHistory());
  EXPECT_EQ(history_of_case({}, "lab-1", "one", ""), CaseHistory());
}

TEST(HistoryOfCase, FewNightsSayNothing) {
  const CaseHistory eleven = history_of_case(nights(11), "lab-1", "one", "");
  EXPECT_EQ(eleven.attempts, 11U);
  EXPECT_FALSE(eleven.flake_rate);
  EXPECT_FALSE(eleven.pair_deviation);
  EXPECT_TRUE(history_of_case(nights(12), "lab-1", "one", "").pair_deviation);
  EXPECT_FALSE(history_of_case(nights(19), "lab-1", "one", "").flake_rate);
}

TEST(HistoryOfCase, TheRateOfFlakesIsNeverNothing) {
  EXPECT_DOUBLE_EQ(*history_of_case(nights(20), "lab-1", "one", "").flake_rate, 0.5 / 21);
  std::vector<HistoryRow> rows = nights(39);
  rows[7].fault_class = rows[20].fault_class = FaultClass::packet_loss;
  EXPECT_DOUBLE_EQ(*history_of_case(rows, "lab-1", "one", "").flake_rate, 2.5 / 40);
}

TEST(HistoryOfCase, ADeviationIsOfNeighboursSoThatALastingChangeDoesNotCount) {
  std::vector<HistoryRow> rows = nights(40);
  const double before = *history_of_case(rows, "lab-1", "one", "").pair_deviation;
  EXPECT_NEAR(before, 0.02 / std::sqrt(2.0), 1e-12);
  for (std::size_t i = 20; i < rows.size(); ++i) *rows[i].goodput_bps *= 0.9;
  EXPECT_NEAR(*history_of_case(rows, "lab-1", "one", "").pair_deviation, before, 0.005);
}

TEST(HistoryOfCase, FiguresThatAreAllTheSameHaveNoDeviation) {
  std::vector<HistoryRow> rows = nights(20);
  for (HistoryRow& row : rows) row.goodput_bps = 1e9;
  EXPECT_FALSE(history_of_case(rows, "lab-1", "one", "").pair_deviation);
}

TEST(HistoryOfCase, AnotherKernelIsAnotherHost) {
  std::vector<HistoryRow> rows = nights(40);
  for (std::size_t i = 30; i < rows.size(); ++i) rows[i].host.kernel = "6.12";
  EXPECT_EQ(history_of_case(rows, "lab-1", "one", "").attempts, 10U);
}

TEST(HistoryOfCase, OfSeveralPartsTheOneWithThisTopologyFile) {
  std::vector<HistoryRow> rows = nights(30);
  for (const HistoryRow& row : nights(5, "another")) rows.push_back(row);
  EXPECT_EQ(history_of_case(rows, "lab-1", "one", "of routers").attempts, 30U);
  EXPECT_EQ(history_of_case(rows, "lab-1", "one", "of another").attempts, 5U);
  EXPECT_EQ(history_of_case(rows, "lab-1", "one", "of none").attempts, 5U);
}

}  // namespace
}  // namespace offlab
