#include "worker/outer_paths.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace offlab {
namespace {

TEST(OuterPaths, AreNamedInEveryStringOfALine) {
  OuterPaths paths;
  paths.name("/run/offlab/boot/images", "/home/u/cache/images");
  paths.name("/run/offlab/out", "/home/u/runs/1");
  EXPECT_EQ(paths.in(R"({"a":"/run/offlab/out/x, /run/offlab/out/y","b":"/run/offlab/boot/images/k"})"),
            R"({"a":"/home/u/runs/1/x, /home/u/runs/1/y","b":"/home/u/cache/images/k"})");
}

TEST(OuterPaths, OfAnyNameLeaveTheLineWhole) {
  OuterPaths paths;
  paths.name("/in", "/a \"b\"\n\xff/in");
  const auto line = nlohmann::json::parse(paths.in(R"({"x":"/in/file"})"));
  EXPECT_EQ(line.at("x"), "/a \"b\"\n\uFFFD/in/file");
}

}  // namespace
}  // namespace offlab
