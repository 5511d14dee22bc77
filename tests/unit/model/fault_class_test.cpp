// The words of run.json, and how outcomes add up.
#include "model/fault_class.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace offlab {
namespace {

using enum Outcome;

TEST(FaultClass, HasTheNamesOfTheContract) {
  std::vector<std::string> names;
  for (const FaultClass fault : all_fault_classes()) names.emplace_back(to_string(fault));
  EXPECT_EQ(names, (std::vector<std::string>{"healthy", "lro-orphan-storm", "wrong-gso-size", "silent-refragmentation",
                                             "silent-size-drop", "resegmentation", "checksum-leak", "legit-pmtud",
                                             "pmtud-blackhole", "packet-loss", "reordering", "no-connection",
                                             "connection-reset", "unknown"}));
}

TEST(FaultClass, IsReadBackAsPrinted) {
  for (const FaultClass fault : all_fault_classes()) EXPECT_EQ(parse_fault_class(to_string(fault)), fault);
  EXPECT_EQ(parse_fault_class("lro_orphan_storm"), std::nullopt);
  EXPECT_EQ(parse_fault_class(""), std::nullopt);
  EXPECT_EQ(parse_fault_class("?"), std::nullopt);
}

TEST(Outcome, IsReadBackAsPrinted) {
  std::set<std::string_view> names;
  for (const Outcome outcome : {pass, fail, inconclusive, skip, error}) {
    EXPECT_EQ(parse_outcome(to_string(outcome)), outcome);
    names.insert(to_string(outcome));
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"pass", "fail", "inconclusive", "skip", "error"}));
  EXPECT_EQ(parse_outcome("PASS"), std::nullopt);
}

TEST(Combine, PutsFailBeforeErrorBeforeInconclusiveBeforePass) {
  EXPECT_EQ(combine({pass, inconclusive, error, fail, skip}), fail);
  EXPECT_EQ(combine({pass, inconclusive, error, skip}), error);
  EXPECT_EQ(combine({pass, inconclusive, skip}), inconclusive);
  EXPECT_EQ(combine({skip, pass}), pass);
}

TEST(Combine, IsInconclusiveWhenNothingWasJudged) {
  EXPECT_EQ(combine({}), inconclusive);
  EXPECT_EQ(combine({skip, skip}), inconclusive);
}

TEST(ExitCode, IsTheContracts) {
  EXPECT_EQ(exit_code(pass), 0);
  EXPECT_EQ(exit_code(fail), 1);
  EXPECT_EQ(exit_code(error), 3);
  EXPECT_EQ(exit_code(inconclusive), 4);
  EXPECT_EQ(exit_code(skip), 4);
}

}  // namespace
}  // namespace offlab
