#include "campaign/change_points.h"

#include <cmath>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "base/json.h"
#include "folders.h"

namespace offlab {
namespace {

std::vector<std::size_t> indexes(const std::vector<ChangePoint>& points) {
  std::vector<std::size_t> found;
  for (const ChangePoint& point : points) found.push_back(point.index);
  return found;
}

std::vector<double> noise(std::size_t nights, double deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> one(0, deviation);
  std::vector<double> series;
  while (series.size() < nights) series.push_back(one(random));
  return series;
}

TEST(ChangePoints, APublicSeriesGivesTheListsOfTheReference) {
  std::ifstream file(tests_folder() + "/data/change-points.json");
  const auto data = nlohmann::json::parse(file);
  const auto series = data.at("series").get<std::vector<double>>();
  ASSERT_EQ(series.size(), 365U);
  for (const auto& expected : data.at("expected")) {
    const ChangePointLimits limits{.window = expected.at("window"),
                                   .p_value = expected.at("max_pvalue"),
                                   .least_change = expected.at("min_magnitude"),
                                   .magnitude = Magnitude::relative};
    EXPECT_EQ(indexes(change_points(series, limits)), expected.at("change_points").get<std::vector<std::size_t>>())
        << expected.dump();
  }
  EXPECT_EQ(data.at("expected").size(), 10U);
}

TEST(ChangePoints, AStepIsFoundWhereItIs) {
  std::vector<double> series = noise(60, 0.03, 1);
  for (std::size_t night = 40; night < series.size(); ++night) series[night] -= 0.1;
  const auto found = change_points(series, {});
  ASSERT_EQ(indexes(found), (std::vector<std::size_t>{40}));
  EXPECT_NEAR(found[0].after - found[0].before, -0.1, 0.03);
  EXPECT_LT(found[0].p_value, 1e-9);
}

TEST(ChangePoints, NothingIsFoundInFewOrEqualFigures) {
  EXPECT_TRUE(change_points({}, {}).empty());
  EXPECT_TRUE(change_points({1}, {}).empty());
  EXPECT_TRUE(change_points({1, 2}, {}).empty());
  EXPECT_TRUE(change_points(std::vector<double>(100, 0.5), {}).empty());
}

TEST(ChangePoints, AnExactStepNeedsNoNoise) {
  std::vector<double> series(20, 0.0);
  series.resize(40, 0.5);
  EXPECT_EQ(indexes(change_points(series, {})), (std::vector<std::size_t>{20}));
}

TEST(ChangePoints, AChangeBelowTheLeastOneIsNone) {
  std::vector<double> series = noise(60, 0.001, 2);
  for (std::size_t night = 30; night < series.size(); ++night) series[night] += 0.01;
  EXPECT_TRUE(change_points(series, {}).empty());
  EXPECT_EQ(change_points(series, {.least_change = 0.005}).size(), 1U);
}

}  // namespace
}  // namespace offlab
