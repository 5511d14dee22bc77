// Every invariant sees its own defect, and only that.
#include "selftest/mutation_table.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/recorded_run.h"
#include "verdict/invariants.h"

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
  EXPECT_EQ(table().invariants.size(), all_invariants.size());
  EXPECT_EQ(table().invariants_without_mutation(), std::vector<Invariant>{}) << describe(table());
}

TEST(MutationTable, EveryMutationTripsItsOwnInvariantAndNoOther) {
  EXPECT_GE(table().rows.size(), 25U);
  for (const MutationRow& row : table().rows) EXPECT_TRUE(row.holds()) << row.mutation.name << describe(table());
  EXPECT_TRUE(table().holds());
}

TEST(MutationTable, EveryMutationIsJudgedAsTheRowOfItsInvariantSays) {
  for (const MutationRow& row : table().rows) EXPECT_TRUE(row.as_told) << row.mutation.name;
}

TEST(MutationTable, DoesNotHoldWhenAnInvariantIsNotJudgedAsItsRowSays) {
  MutationTable untrue = table();
  untrue.rows.front().as_told = false;
  EXPECT_FALSE(untrue.holds());
  EXPECT_NE(describe(untrue).find("not judged as its row says"), std::string::npos);
}

TEST(MutationTable, OnlyAnInvariantWithoutMutationSaysWhyThereIsNone) {
  for (const InvariantRow& row : invariant_rows()) {
    const bool has_one = std::any_of(mutations().begin(), mutations().end(),
                                     [&](const Mutation& mutation) { return mutation.invariant == row.id; });
    EXPECT_EQ(row.no_mutation.empty(), has_one) << to_string(row.id);
  }
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
  EXPECT_NE(describe(short_of_one).find("No mutation trips liveness: put a defect"), std::string::npos);
}

TEST(MutationTable, ShowsOneLineAMutation) {
  for (const Mutation& mutation : mutations()) {
    EXPECT_NE(describe(table()).find("\n" + mutation.name), std::string::npos);
    EXPECT_NE(markdown(table()).find("| " + mutation.name + " |"), std::string::npos);
  }
}

}  // namespace
}  // namespace offlab
