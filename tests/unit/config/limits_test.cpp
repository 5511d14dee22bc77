// Files that are valid but too large.
#include <gtest/gtest.h>

#include "good_file.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

std::string numbered_values(std::size_t count) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) text += std::to_string(1000 + i) + ", ";
  return text + "]";
}

std::string with_axes(const std::string& axes) {
  const std::string text(good_file);
  return text.substr(0, text.find("[axes]")) + "[axes]\n" + axes;
}

// How many combinations become cases is known with the command line only (choose_rows).
TEST(Limits, AnAxisHasAThousandValuesAtMost) {
  EXPECT_EQ(mistakes_in(with_axes("\"client.mtu\" = " + numbered_values(1000) +
                                  "\n\"router.lro\" = [\"on\", \"off\"]\n\"wan.mtu\" = [1500, 1400]\n")),
            Lines{});
  EXPECT_EQ(mistakes_in(with_axes("\"client.mtu\" = " + numbered_values(1001))),
            Lines{"f.toml:48:1: an axis with more than 1000 values"});
}

TEST(Limits, ThereAreAtMost32Axes) {
  std::string axes;
  for (int i = 0; i < 33; ++i) axes += "\"router.lro" + std::to_string(i) + "\" = []\n";
  const Lines lines = mistakes_in(with_axes(axes));
  ASSERT_EQ(lines.size(), 33U);
  EXPECT_EQ(lines.back(), "f.toml:80:1: more than 32 settings in 'axes'");
}

TEST(Limits, NetworksNodesFlowsAndCasesAreCounted) {
  std::string networks;
  for (int i = 0; i < 249; ++i) {
    const std::string number = std::to_string(i);
    networks += "[[network]]\nname = \"n" + number + "\"\nipv4 = \"198.19." + number + ".0/24\"\n";
  }
  std::string nodes;
  for (int i = 0; i < 248; ++i)
    nodes +=
        "[[node]]\nname = \"h" + std::to_string(i) + "\"\nrole = \"client\"\ninterfaces = [{ network = \"lan\" }]\n";
  std::string flows;
  for (int i = 0; i < 250; ++i)
    flows += "[[flow]]\nname = \"f" + std::to_string(i) + "\"\nfrom = \"server\"\nto = \"client\"\n";
  std::string cases;
  for (int i = 0; i < 1000; ++i) cases += "[[case]]\nname = \"c" + std::to_string(i) + "\"\n";
  EXPECT_EQ(mistakes_in(std::string(good_file) + networks), Lines{"f.toml:801:1: more than 250 of [[network]]"});
  EXPECT_EQ(mistakes_in(std::string(good_file) + nodes), Lines{"f.toml:1045:1: more than 250 of [[node]]"});
  EXPECT_EQ(mistakes_in(std::string(good_file) + flows), Lines{"f.toml:1053:1: more than 250 of [[flow]]"});
  EXPECT_EQ(mistakes_in(std::string(good_file) + cases), Lines{"f.toml:2055:1: more than 1000 cases"});
}

TEST(Limits, InterfacesOfANodeAreCounted) {
  std::string interfaces = "[ { network = \"lan\" }";
  for (int i = 0; i < 16; ++i) interfaces += ",\n{ network = \"lan\" }";
  const Lines lines = mistakes_in(good_file_with("[ { network = \"lan\" } ]", interfaces + " ]"));
  ASSERT_EQ(lines.size(), 16U);
  EXPECT_EQ(lines.back(), "f.toml:36:1: more than 16 interfaces");
}

TEST(Limits, SettingsOfACaseAreCounted) {
  std::string set = "set = { ";
  for (int i = 0; i < 65; ++i) set += "a" + std::to_string(i) + ".b = [], ";
  set += "z = [] }\n";
  const std::string text = std::string(good_file) + "[[case]]\nname = \"many\"\n" + set;
  const Lines lines = mistakes_in(text);
  ASSERT_EQ(lines.size(), 65U);
  EXPECT_NE(lines.back().find("more than 64 settings in 'set'"), std::string::npos);
}

}  // namespace
}  // namespace offlab
