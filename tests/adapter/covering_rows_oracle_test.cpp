// Covering arrays beside those of allpairspy (Debian's python3-allpairspy), another program by other people: the same
// pairs are covered, in no more rows. What is covered is looked for in the rows themselves.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plan/covering_rows.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

using Rows = std::vector<CoveringRow>;

std::vector<unsigned> sizes(std::initializer_list<std::pair<unsigned, unsigned>> values_and_dimensions) {
  std::vector<unsigned> all;
  for (const auto& [values, dimensions] : values_and_dimensions) all.insert(all.end(), dimensions, values);
  return all;
}

// AllPairs takes a filter that says whether a row, or the beginning of one, is allowed.
constexpr const char* oracle = R"(
import json, sys
from allpairspy import AllPairs
sizes, forbidden = json.loads(sys.argv[1])
def allowed(row):
    return not any(all(d < len(row) and row[d] == v for d, v in one) for one in forbidden)
print(json.dumps([list(row) for row in AllPairs([list(range(n)) for n in sizes], filter_func=allowed)]))
)";

Rows rows_of_the_oracle(const CoveringNeed& need) {
  const std::string question = nlohmann::json::array({need.sizes, need.forbidden}).dump();
  const ProgramResult answer =
      run_or_throw({"/usr/bin/python3", "-c", oracle, question}, Deadline("allpairspy", std::chrono::seconds(30)));
  return nlohmann::json::parse(answer.output).get<Rows>();
}

using Pair = std::array<std::size_t, 4>;

std::set<Pair> pairs_in(const Rows& rows) {
  std::set<Pair> pairs;
  for (const CoveringRow& row : rows)
    for (std::size_t a = 0; a < row.size(); ++a)
      for (std::size_t b = a + 1; b < row.size(); ++b) pairs.insert({a, row[a], b, row[b]});
  return pairs;
}

// Where combinations are forbidden the oracle misses some that can be (unit/plan/covering_rows_test.cpp tries them
// all).
void compare(const CoveringNeed& need) {
  const Rows ours = covering_rows(need);
  const Rows theirs = rows_of_the_oracle(need);
  const std::set<Pair> covered = pairs_in(ours);
  const std::set<Pair> wanted = pairs_in(theirs);
  if (covered.size() == wanted.size()) {
    EXPECT_LE(ours.size(), theirs.size());
  }
  EXPECT_TRUE(std::includes(covered.begin(), covered.end(), wanted.begin(), wanted.end()))
      << fmt::format("{}", need.sizes);
  if (need.forbidden.empty()) {
    EXPECT_EQ(covered.size(), wanted.size());
  }
}

TEST(CoveringRowsOracle, PairsAreTheSameInNoMoreRows) {
  compare({.sizes = {2, 2, 3, 2}});
  compare({.sizes = sizes({{3, 4}})});
  compare({.sizes = {5, 4, 3, 2, 2, 7, 3}});
  compare({.sizes = sizes({{2, 30}})});
  compare({.sizes = sizes({{6, 8}})});
}

TEST(CoveringRowsOracle, NoPairOfTheirsIsMissingWhereCombinationsAreForbidden) {
  compare({.sizes = {2, 2, 3, 2}, .forbidden = {{{0, 0}, {2, 1}}}});
  compare({.sizes = {4, 3, 3, 2, 2}, .forbidden = {{{0, 0}, {1, 1}}, {{0, 3}, {2, 2}}, {{3, 1}, {4, 1}}}});
  compare({.sizes = sizes({{3, 8}}), .forbidden = {{{0, 0}, {1, 0}}, {{6, 2}, {7, 2}}, {{2, 1}, {5, 0}}}});
}

std::size_t rows_for_pairs(const std::vector<unsigned>& of) {
  const Rows rows = covering_rows({.sizes = of});
  std::size_t all = 0;
  for (std::size_t a = 0; a < of.size(); ++a)
    for (std::size_t b = a + 1; b < of.size(); ++b) all += std::size_t{of[a]} * of[b];
  EXPECT_EQ(pairs_in(rows).size(), all);
  return rows.size();
}

TEST(CoveringRowsOracle, LargeOnesHaveFewRows) {
  EXPECT_LE(rows_for_pairs(sizes({{3, 13}})), 17U);
  EXPECT_LE(rows_for_pairs(sizes({{4, 15}, {3, 17}, {2, 29}})), 34U);
  EXPECT_LE(rows_for_pairs(sizes({{4, 1}, {3, 39}, {2, 35}})), 26U);
  EXPECT_LE(rows_for_pairs(sizes({{2, 100}})), 12U);
  EXPECT_LE(rows_for_pairs(sizes({{10, 20}})), 197U);
}

}  // namespace
}  // namespace offlab
