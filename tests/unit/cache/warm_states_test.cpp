#include "cache/warm_states.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlab {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

WarmState state(const std::string& key, std::uint64_t bytes, int hours_ago) {
  return {{key, "router", "debian-12"}, {bytes}, std::filesystem::file_time_type() - hours(hours_ago)};
}

TEST(WarmLimit, WhatFitsStays) {
  EXPECT_THAT(beyond_limit({}, {0}), IsEmpty());
  EXPECT_THAT(beyond_limit({state("a", 50, 1), state("b", 50, 2)}, {100}), IsEmpty());
}

TEST(WarmLimit, TheLongestUnusedGoesFirst) {
  EXPECT_THAT(beyond_limit({state("old", 50, 3), state("new", 50, 1), state("middle", 50, 2)}, {100}),
              ElementsAre("old"));
  EXPECT_THAT(beyond_limit({state("new", 50, 1), state("middle", 50, 2), state("old", 50, 3)}, {60}),
              ElementsAre("old", "middle"));
}

TEST(WarmLimit, AStateLargerThanTheLimitDoesNotStay) {
  EXPECT_THAT(beyond_limit({state("a", 101, 1)}, {100}), ElementsAre("a"));
}

TEST(WarmKey, EveryIngredientMakesAnotherKey) {
  const WarmIngredients base{"image", "xml", "versions", "tcg", "keys"};
  std::set<std::string> keys = {warm_key(base)};
  for (std::string WarmIngredients::*part :
       {&WarmIngredients::image_digest, &WarmIngredients::domain_xml, &WarmIngredients::versions,
        &WarmIngredients::accelerator, &WarmIngredients::public_keys}) {
    WarmIngredients changed = base;
    changed.*part += "!";
    keys.insert(warm_key(changed));
  }
  EXPECT_EQ(keys.size(), 6U);
  EXPECT_EQ(warm_key(base), warm_key(base));
}

TEST(WarmKey, TextThatMovesBetweenIngredientsMakesAnotherKey) {
  EXPECT_NE(warm_key({"ab", "c", "", "", ""}), warm_key({"a", "bc", "", "", ""}));
}

}  // namespace
}  // namespace offlab
