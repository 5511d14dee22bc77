#include "plan/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlab {
namespace {

using testing::ElementsAre;

RunPlan plan_of(const std::vector<std::vector<std::string>>& labs) {
  RunPlan plan{.name = "p"};
  for (const auto& ids : labs) {
    LabPlan lab;
    lab.name = "lab-" + std::to_string(plan.labs.size() + 1);
    for (const std::string& id : ids) {
      CasePlan one;
      one.id = id;
      lab.cases.push_back(one);
    }
    plan.labs.push_back(lab);
  }
  return plan;
}

// "lab-1: a b"
std::vector<std::string> words_of(const RunPlan& plan) {
  std::vector<std::string> words;
  for (const LabPlan& lab : plan.labs) {
    words.push_back(lab.name + ":");
    for (const CasePlan& one : lab.cases) words.back() += " " + one.id;
  }
  return words;
}

TEST(Shard, Texts) {
  EXPECT_EQ(parse_shard("2/4"), (Shard{2, 4}));
  EXPECT_EQ(parse_shard("1/1"), (Shard{1, 1}));
  for (const char* text : {"", "2", "0/4", "5/4", "2/0", "a/b", "2/4 ", "-1/4", "2/4/8", "1/1001"})
    EXPECT_EQ(parse_shard(text), std::nullopt) << text;
}

TEST(Shard, CasesThatFollowEachOther) {
  const RunPlan plan = plan_of({{"a", "b", "c"}, {"d", "e", "f", "g"}});
  EXPECT_THAT(words_of(shard_of(plan, {1, 2})), ElementsAre("lab-1-shard-1: a b c", "lab-2-shard-1: d"));
  EXPECT_THAT(words_of(shard_of(plan, {2, 2})), ElementsAre("lab-2-shard-2: e f g"));
  EXPECT_EQ(shard_of(plan, {1, 1}), plan);
}

TEST(Shard, AllTogetherHaveEachCaseOnce) {
  const RunPlan plan = plan_of({{"a", "b", "c"}, {"d", "e", "f", "g"}, {"h"}});
  for (unsigned of = 1; of <= 12; ++of) {
    std::string together;
    for (unsigned number = 1; number <= of; ++number) {
      const RunPlan part = shard_of(plan, {number, of});
      std::size_t cases = 0;
      for (const LabPlan& lab : part.labs)
        for (const CasePlan& one : lab.cases) {
          together += one.id;
          ++cases;
        }
      EXPECT_LE(cases, (8 + of - 1) / of);
    }
    EXPECT_EQ(together, "abcdefgh") << of;
  }
}

}  // namespace
}  // namespace offlab
