#include "model/expectation.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(Expectation, IsEveryClassOrASkip) {
  const auto all = all_expectations();
  EXPECT_EQ(all.size(), all_fault_classes().size() + 1);
  for (const Expectation& one : all) EXPECT_EQ(parse_expectation(to_string(one)), one);
  EXPECT_EQ(to_string(Expectation::skipped()), "skip");
  EXPECT_EQ(parse_expectation("fail"), std::nullopt);
}

TEST(Expectation, ASkipIsNoClass) {
  for (const FaultClass fault : all_fault_classes()) {
    EXPECT_NE(fault, Expectation::skipped());
    EXPECT_EQ(fault, Expectation(fault));
    EXPECT_FALSE(Expectation(fault).is_skip());
  }
  EXPECT_TRUE(Expectation::skipped().is_skip());
}

}  // namespace
}  // namespace offlab
