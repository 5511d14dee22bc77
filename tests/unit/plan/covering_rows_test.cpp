// Few rows in which every pair occurs. What is covered is looked for in the rows themselves, pair by pair.
#include "plan/covering_rows.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace offlab {
namespace {

std::vector<unsigned> sizes(std::initializer_list<std::pair<unsigned, unsigned>> values_and_dimensions) {
  std::vector<unsigned> all;
  for (const auto& [values, dimensions] : values_and_dimensions) all.insert(all.end(), dimensions, values);
  return all;
}

bool holds(const CoveringRow& row, const ForbiddenValues& values) {
  return std::all_of(values.begin(), values.end(), [&](const auto& one) { return row[one.first] == one.second; });
}

bool is_forbidden(const CoveringNeed& need, const CoveringRow& row) {
  return std::any_of(need.forbidden.begin(), need.forbidden.end(), [&](const auto& one) { return holds(row, one); });
}

// Every row there is, allowed or not. For few dimensions.
std::vector<CoveringRow> every_row(const std::vector<unsigned>& of) {
  std::vector<CoveringRow> all = {{}};
  for (const unsigned size : of) {
    std::vector<CoveringRow> longer;
    for (const CoveringRow& row : all)
      for (unsigned value = 0; value < size; ++value) {
        longer.push_back(row);
        longer.back().push_back(value);
      }
    all = std::move(longer);
  }
  return all;
}

std::vector<ForbiddenValues> every_pair(const std::vector<unsigned>& of) {
  std::vector<ForbiddenValues> all;
  for (std::size_t a = 0; a < of.size(); ++a)
    for (std::size_t b = a + 1; b < of.size(); ++b)
      for (unsigned x = 0; x < of[a]; ++x)
        for (unsigned y = 0; y < of[b]; ++y) all.push_back({{a, x}, {b, y}});
  return all;
}

std::size_t missing(const std::vector<CoveringRow>& rows, const std::vector<ForbiddenValues>& tuples) {
  std::size_t count = 0;
  for (const ForbiddenValues& tuple : tuples)
    if (std::none_of(rows.begin(), rows.end(), [&](const CoveringRow& row) { return holds(row, tuple); })) ++count;
  return count;
}

std::size_t rows_for_pairs(const std::vector<unsigned>& of) {
  const auto rows = covering_rows({.sizes = of});
  EXPECT_EQ(missing(rows, every_pair(of)), 0U);
  for (const CoveringRow& row : rows) {
    EXPECT_EQ(row.size(), of.size());
    for (std::size_t i = 0; i < of.size(); ++i) EXPECT_LT(row[i], of[i]);
  }
  return rows.size();
}

TEST(CoveringRows, AreFew) {
  EXPECT_EQ(rows_for_pairs({2, 2, 3, 2}), 6U);
  EXPECT_EQ(rows_for_pairs(sizes({{3, 4}})), 9U);
  EXPECT_EQ(rows_for_pairs(sizes({{2, 8}})), 6U);
}

TEST(CoveringRows, OfOneDimensionHaveEachOfItsValues) {
  EXPECT_EQ(covering_rows({.sizes = {3}}).size(), 3U);
  EXPECT_EQ(rows_for_pairs({2, 5}), 10U);
  EXPECT_EQ(rows_for_pairs({1, 1, 1}), 1U);
  EXPECT_TRUE(covering_rows({}).empty());
}

TEST(CoveringRows, AreTheSameForTheSameNeed) {
  const CoveringNeed need{.sizes = {4, 3, 3, 2, 2, 2}};
  EXPECT_EQ(covering_rows(need), covering_rows(need));
}

TEST(CoveringRows, HaveEveryTripleOfTheDimensionsThatAskForIt) {
  const CoveringNeed need{.sizes = {3, 2, 4, 2, 3, 2}, .by_threes = {0, 2, 4, 5}};
  const auto rows = covering_rows(need);
  std::vector<ForbiddenValues> triples;
  const std::vector<std::size_t>& of = need.by_threes;
  for (std::size_t a = 0; a < of.size(); ++a)
    for (std::size_t b = a + 1; b < of.size(); ++b)
      for (std::size_t c = b + 1; c < of.size(); ++c)
        for (unsigned x = 0; x < need.sizes[of[a]]; ++x)
          for (unsigned y = 0; y < need.sizes[of[b]]; ++y)
            for (unsigned z = 0; z < need.sizes[of[c]]; ++z) triples.push_back({{of[a], x}, {of[b], y}, {of[c], z}});
  EXPECT_EQ(missing(rows, triples), 0U);
  EXPECT_EQ(missing(rows, every_pair(need.sizes)), 0U);
  EXPECT_LE(rows.size(), 40U);  // 36 are needed for the largest triple; all combinations are 288
}

TEST(CoveringRows, HoldNoForbiddenCombinationAndStillEveryPairThatCanBe) {
  const CoveringNeed need{.sizes = {3, 3, 2, 2},
                          // The first and the second together forbid (0,0) with (1,0), whatever dimension 2 has.
                          .forbidden = {{{0, 0}, {1, 0}, {2, 0}}, {{0, 0}, {1, 0}, {2, 1}}, {{1, 2}, {3, 1}}}};
  const auto rows = covering_rows(need);
  std::vector<CoveringRow> allowed = every_row(need.sizes);
  allowed.erase(
      std::remove_if(allowed.begin(), allowed.end(), [&](const CoveringRow& row) { return is_forbidden(need, row); }),
      allowed.end());
  std::vector<ForbiddenValues> possible = every_pair(need.sizes);
  const std::size_t all = possible.size();
  possible.erase(std::remove_if(possible.begin(), possible.end(),
                                [&](const ForbiddenValues& pair) { return missing(allowed, {pair}) == 1; }),
                 possible.end());
  EXPECT_EQ(possible.size(), all - 2);  // (0,0) with (1,0), and (1,2) with (3,1)
  EXPECT_EQ(missing(rows, possible), 0U);
  for (const CoveringRow& row : rows) EXPECT_FALSE(is_forbidden(need, row));
}

TEST(CoveringRows, AreNoneWhereEverythingIsForbidden) {
  EXPECT_TRUE(covering_rows({.sizes = {2, 2}, .forbidden = {{{0, 0}}, {{0, 1}}}}).empty());
}

TEST(CoveringRows, KeepThoseThatAreThereAndAddFew) {
  const auto before = covering_rows({.sizes = {3, 3, 2, 2, 2}});
  CoveringNeed more{.sizes = {4, 3, 2, 2, 2}, .kept = before};  // one value more
  const auto rows = covering_rows(more);
  ASSERT_GT(rows.size(), before.size());
  EXPECT_TRUE(std::equal(before.begin(), before.end(), rows.begin()));
  EXPECT_EQ(missing(rows, every_pair(more.sizes)), 0U);
  EXPECT_EQ(rows.size(), 12U);  // as few as from scratch: 4 times 3
  more.kept = rows;
  EXPECT_EQ(covering_rows(more), rows);
}

}  // namespace
}  // namespace offlab
