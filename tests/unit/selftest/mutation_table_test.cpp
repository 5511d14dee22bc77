// Every invariant sees its own defect, and only that.
#include "selftest/mutation_table.h"

#include <gtest/gtest.h>

#include "unit/recorded_run.h"

namespace offlab {
namespace {

const MutationTable& table() {
  static const MutationTable tried =
      try_mutations(recorded_leg("control-lro-on"), recorded_leg("control-lro-on", LegRole::control), MeasureOptions());
  return tried;
}

TEST(MutationTable, NothingTripsOnAHealthyRecording) {
  EXPECT_EQ(table().tripped_unchanged, std::vector<Invariant>{});
}

TEST(MutationTable, EveryInvariantHasAMutation) {
  EXPECT_GE(table().invariants.size(), 19U);
  EXPECT_EQ(table().invariants_without_mutation(), std::vector<Invariant>{});
}

TEST(MutationTable, EveryMutationTripsItsOwnInvariantAndNoOther) {
  EXPECT_GE(table().rows.size(), 25U);
  for (const MutationRow& row : table().rows)
    EXPECT_EQ(row.tripped, std::vector<Invariant>{row.mutation.invariant}) << row.mutation.name;
  EXPECT_TRUE(table().holds());
}

TEST(MutationTable, DoesNotHoldWhenAnInvariantIsBlind) {
  MutationTable blind = table();
  blind.rows.front().tripped.clear();
  EXPECT_FALSE(blind.holds());
  EXPECT_NE(describe(blind).find("MISSED"), std::string::npos);
}

TEST(MutationTable, DoesNotHoldWhenAnInvariantHasNoMutation) {
  MutationTable short_of_one = table();
  short_of_one.rows.pop_back();
  EXPECT_FALSE(short_of_one.holds());
  EXPECT_EQ(short_of_one.invariants_without_mutation(), std::vector<Invariant>{Invariant::liveness});
}

TEST(MutationTable, ShowsOneLineAMutation) {
  for (const Mutation& mutation : mutations()) {
    EXPECT_NE(describe(table()).find("\n" + mutation.name), std::string::npos);
    EXPECT_NE(markdown(table()).find("| " + mutation.name + " |"), std::string::npos);
  }
}

}  // namespace
}  // namespace offlab
