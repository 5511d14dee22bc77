// Which combinations of axes become cases: all of them, or few in which every pair of values occurs.
#include "plan/choose_rows.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

const Axis model = {"router.model", {"vmxnet3", "virtio"}};
const Axis lro = {"router.lro", {"off", "on"}};
const Axis hypervisor = {"hypervisor.lro", {"off", "passthrough", "merge"}};
const Axis family = {"download.family", {"ipv4", "ipv6"}};
const std::vector<Axis> four = {model, lro, hypervisor, family};

bool holds(const SettingTexts& row, const SettingText& setting) {
  return std::find(row.begin(), row.end(), setting) != row.end();
}

// Pairs of values that are in no row.
std::size_t missing_pairs(const std::vector<Axis>& axes, const std::vector<SettingTexts>& rows) {
  std::size_t missing = 0;
  for (const Axis& a : axes)
    for (const Axis& b : axes)
      for (const std::string& x : a.values)
        for (const std::string& y : b.values)
          if (a.key < b.key && std::none_of(rows.begin(), rows.end(), [&](const SettingTexts& row) {
                return holds(row, {a.key, x}) && holds(row, {b.key, y});
              }))
            ++missing;
  return missing;
}

std::vector<SettingTexts> rows(const std::vector<Axis>& axes, const std::vector<SettingTexts>& excluded,
                               const std::optional<Covering>& covering) {
  const ChosenRows chosen = choose_rows(axes, excluded, covering);
  EXPECT_EQ(chosen.mistakes, Lines{});
  return chosen.rows;
}

TEST(ChooseRows, AreEveryCombinationWithoutACovering) {
  const auto all = rows(four, {}, {});
  EXPECT_EQ(all.size(), 24U);
  EXPECT_EQ(
      all[1],
      (SettingTexts{
          {"router.model", "vmxnet3"}, {"router.lro", "off"}, {"hypervisor.lro", "off"}, {"download.family", "ipv6"}}));
  EXPECT_EQ(rows({}, {}, {}), std::vector<SettingTexts>{{}});
  EXPECT_EQ(rows({}, {}, Covering()), std::vector<SettingTexts>{{}});
}

TEST(ChooseRows, LeaveOutWhatIsExcluded) {
  const auto left = rows(four, {{{"router.model", "virtio"}, {"router.lro", "on"}}}, {});
  EXPECT_EQ(left.size(), 18U);
  for (const SettingTexts& row : left)
    EXPECT_FALSE(holds(row, {"router.model", "virtio"}) && holds(row, {"router.lro", "on"}));
}

TEST(ChooseRows, CoverEveryPairOfTheMatrixOf24InSix) {
  const auto six = rows(four, {}, Covering());
  EXPECT_EQ(six.size(), 6U);
  EXPECT_EQ(missing_pairs(four, six), 0U);
  EXPECT_EQ(six.front().front(), (SettingText{"router.model", "vmxnet3"}));  // in the order of the axes
  EXPECT_EQ(six.back().front(), (SettingText{"router.model", "virtio"}));
}

TEST(ChooseRows, CoverWhatIsNotExcluded) {
  const auto some = rows(four, {{{"router.model", "virtio"}, {"hypervisor.lro", "merge"}}}, Covering());
  EXPECT_EQ(missing_pairs(four, some), 1U);
}

TEST(ChooseRows, KeepThoseOfAnEarlierRunWhenAValueIsAdded) {
  const auto before = rows(four, {}, Covering());
  std::vector<Axis> more = four;
  more[0].values.emplace_back("e1000e");
  const auto after = rows(more, {}, Covering{.kept = before});
  for (const SettingTexts& row : before) EXPECT_EQ(std::count(after.begin(), after.end(), row), 1);
  EXPECT_EQ(missing_pairs(more, after), 0U);
  EXPECT_EQ(after.size(), 9U);
}

TEST(ChooseRows, DropRowsOfAnEarlierRunThatCannotBeAnyMore) {
  const SettingTexts row = {
      {"router.model", "e1000e"}, {"router.lro", "off"}, {"hypervisor.lro", "off"}, {"download.family", "ipv4"}};
  const SettingTexts shorter(row.begin() + 1, row.end());
  const SettingTexts excluded = {
      {"router.model", "virtio"}, {"router.lro", "off"}, {"hypervisor.lro", "off"}, {"download.family", "ipv4"}};
  const auto left = rows(four, {excluded}, Covering{.kept = {row, shorter, excluded}});
  EXPECT_EQ(std::count(left.begin(), left.end(), row), 0);
  EXPECT_EQ(std::count(left.begin(), left.end(), excluded), 0);
  EXPECT_EQ(left.size(), 6U);
}

TEST(ChooseRows, CoverTriplesOfTheAxesThatAreNamed) {
  const auto some = rows(four, {}, Covering{.by_threes = {"router.model", "router.lro", "hypervisor.lro"}});
  EXPECT_EQ(some.size(), 12U);
  EXPECT_EQ(missing_pairs(four, some), 0U);
  EXPECT_EQ(rows(four, {}, Covering{.all_by_threes = true}).size(), 12U);
  EXPECT_EQ(rows({model, lro}, {}, Covering{.all_by_threes = true}).size(), 4U);
}

TEST(ChooseRows, SayWhatCannotBe) {
  const auto mistakes = [](const std::vector<Axis>& axes, const std::vector<SettingTexts>& excluded,
                           const std::optional<Covering>& covering) {
    const ChosenRows chosen = choose_rows(axes, excluded, covering);
    EXPECT_TRUE(chosen.rows.empty());
    return chosen.mistakes;
  };
  EXPECT_EQ(mistakes(four, {}, Covering{.by_threes = {"router.model", "router.lor"}}),
            Lines{"--t-way: no axis is called 'router.lor'"});
  EXPECT_EQ(mistakes(four, {}, Covering{.by_threes = {"router.model", "router.lro"}}),
            Lines{"--t-way 3: name at least three different axes"});
  EXPECT_EQ(mistakes({model}, {{{"router.model", "vmxnet3"}}, {{"router.model", "virtio"}}}, Covering()),
            Lines{"every combination of the axes is excluded"});
  std::vector<Axis> many;
  for (int i = 0; i < 10; ++i) many.push_back({"a" + std::to_string(i), {"1", "2"}});
  EXPECT_EQ(mistakes(many, {}, {}), Lines{"the axes have more than 1000 combinations; --pairwise takes few of them, in "
                                          "which every pair of values occurs"});
  EXPECT_LE(rows(many, {}, Covering()).size(), 6U);
  Axis long_one{"long", {}};
  for (int i = 0; i < 600; ++i) long_one.values.push_back(std::to_string(i));
  EXPECT_EQ(mistakes({long_one, lro}, {}, Covering()),
            Lines{"the axes have so many values that more than 1000 cases are needed"});
}

}  // namespace
}  // namespace offlab
