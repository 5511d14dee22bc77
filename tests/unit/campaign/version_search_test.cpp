// The first bad one of a list of versions.
#include "campaign/version_search.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

struct Searched {
  std::size_t questions = 0;
  bool right = false;
};

Searched search(std::size_t versions, std::size_t first_bad, double flakes, std::uint64_t& state) {
  VersionSearch search(versions, flakes, 200);
  Searched searched;
  while (const auto version = search.next()) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const bool wrong = static_cast<double>(state >> 11U) * 0x1p-53 < flakes;
    search.answer(*version, (*version >= first_bad) != wrong);
    ++searched.questions;
  }
  searched.right = search.end() == SearchEnd::proven && search.most_likely() == first_bad;
  return searched;
}

TEST(VersionSearch, TakesTheLogarithmAndAProof) {
  std::uint64_t state = 1;
  for (std::size_t first = 1; first < 64; ++first) {
    const Searched one = search(64, first, 0, state);
    EXPECT_TRUE(one.right) << first;
    EXPECT_LE(one.questions, 10U) << first;
  }
  EXPECT_TRUE(search(2, 1, 0, state).right);
  EXPECT_LE(search(2, 1, 0, state).questions, 4U);
}

TEST(VersionSearch, IsRightThoughAnswersAreTurnedOver) {
  std::uint64_t state = 1;
  double questions = 0;
  int right = 0;
  constexpr int runs = 500;
  for (int i = 0; i < runs; ++i) {
    const Searched one = search(64, 1 + static_cast<std::size_t>(i) % 63, 0.05, state);
    questions += static_cast<double>(one.questions) / runs;
    right += one.right;
  }
  EXPECT_GE(right, runs * 99 / 100);
  EXPECT_LE(questions, 18.8);
}

TEST(VersionSearch, SaysWhenTheFaultComesAndGoes) {
  VersionSearch search(64, 0, 200);
  for (bool shows = false; const auto version = search.next(); shows = !shows) search.answer(*version, shows);
  EXPECT_EQ(search.end(), SearchEnd::not_monotone);
}

}  // namespace
}  // namespace offlab
