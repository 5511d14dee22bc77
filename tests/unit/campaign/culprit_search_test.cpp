// The smallest set of settings that makes a fault: how many questions it takes, and how often it is right.
#include "campaign/culprit_search.h"

#include <algorithm>
#include <bit>

#include <gtest/gtest.h>

namespace offlab {
namespace {

constexpr std::size_t eight = 8;
const std::vector<double> alike(eight, 1.0);

// Numbers that are the same on every machine.
class Dice {
 public:
  bool falls(double share) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 11U) * 0x1p-53 < share;
  }

 private:
  std::uint64_t state_ = 42;
};

struct SearchOutcome {
  std::size_t questions = 0;
  bool right = false;
};

// The bad case has been run already: that is the first answer.
SearchOutcome search(SettingSet culprits, double flakes, Dice& dice) {
  CulpritSearch search(alike, flakes, 200);
  search.answer(255, true);
  while (const auto question = search.next()) {
    const bool shows = (*question & culprits) == culprits;
    search.answer(*question, dice.falls(flakes) ? !shows : shows);
  }
  return {search.answers().size(), search.end() == SearchEnd::proven && search.most_likely() == culprits};
}

std::vector<SettingSet> sets_of(int size) {
  std::vector<SettingSet> sets;
  for (SettingSet set = 0; set < 256; ++set)
    if (std::popcount(set) == size) sets.push_back(set);
  return sets;
}

TEST(CulpritSearch, OneCulpritTakesEightQuestionsAndAPairThirteenProofIncluded) {
  Dice dice;
  const auto most_questions = [&](int size) {
    std::size_t most = 0;
    for (const SettingSet culprits : sets_of(size)) {
      const SearchOutcome outcome = search(culprits, 0, dice);
      EXPECT_TRUE(outcome.right) << culprits;
      most = std::max(most, outcome.questions);
    }
    return most;
  };
  EXPECT_LE(most_questions(1), 8U);
  EXPECT_LE(most_questions(2), 13U);
  EXPECT_LE(most_questions(3), 20U);
}

// With one answer of twenty turned over.
TEST(CulpritSearch, IsRightThoughAnswersAreTurnedOver) {
  Dice dice;
  const auto rates = [&](int size, double& questions) {
    const auto sets = sets_of(size);
    int right = 0;
    constexpr int runs = 300;
    for (int i = 0; i < runs; ++i) {
      const SearchOutcome outcome = search(sets[static_cast<std::size_t>(i) % sets.size()], 0.05, dice);
      right += outcome.right;
      questions += static_cast<double>(outcome.questions) / runs;
    }
    return static_cast<double>(right) / runs;
  };
  double one = 0;
  double two = 0;
  EXPECT_GE(rates(1, one), 0.99);
  EXPECT_GE(rates(2, two), 0.985);
  EXPECT_LE(one, 11);
  EXPECT_LE(two, 20);
}

TEST(CulpritSearch, AsksFirstForWhatIsMostSuspicious) {
  std::vector<double> suspicion(eight, 0.01);
  suspicion[5] = 1;
  CulpritSearch search(suspicion, 0, 200);
  EXPECT_EQ(search.most_likely(), SettingSet{1} << 5U);
  search.answer(255, true);
  EXPECT_EQ(search.next(), SettingSet{1} << 5U);
}

// Any five settings make it: no set of up to three does.
TEST(CulpritSearch, SaysWhenNoSmallSetFits) {
  CulpritSearch search(alike, 0.02, 200);
  search.answer(255, true);
  while (const auto question = search.next()) {
    search.answer(*question, std::popcount(*question) >= 5);
  }
  EXPECT_EQ(search.end(), SearchEnd::not_monotone);
}

TEST(CulpritSearch, EndsWhenItMayAskNoMore) {
  CulpritSearch search(alike, 0, 3);
  search.answer(255, true);
  for (int i = 0; i < 2; ++i) search.answer(search.next().value(), true);
  EXPECT_EQ(search.end(), SearchEnd::no_more_tries);
  EXPECT_EQ(search.next(), std::nullopt);
}

}  // namespace
}  // namespace offlab
