#include "model/nic_ref.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(NicRef, SurvivesItsText) {
  const NicRef nic = {"router", "wan-2"};
  EXPECT_EQ(to_string(nic), "router wan-2");
  EXPECT_EQ(parse_nic_ref(to_string(nic)), nic);
}

TEST(NicRef, IsNotReadFromOtherTexts) {
  for (const char* text : {"", "router", " wan", "router ", "router wan lan", "router  wan"})
    EXPECT_EQ(parse_nic_ref(text), std::nullopt) << text;
}

TEST(NicRef, OrdersByNodeThenNetwork) {
  EXPECT_LT((NicRef{"a", "z"}), (NicRef{"b", "a"}));
  EXPECT_LT((NicRef{"a", "a"}), (NicRef{"a", "z"}));
}

}  // namespace
}  // namespace offlab
