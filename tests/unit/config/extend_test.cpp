// A file that extends another one: what is merged, what is replaced, and whose positions mistakes carry.
#include <gtest/gtest.h>

#include "unit/config/good_file.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

ParsedScenario extended(const std::string& over) {
  return parse_scenario({{"over.toml", over}, {"base.toml", std::string(good_file)}});
}

TEST(Extend, NodesOfTheSameNameAreMergedKeyByKey) {
  const ParsedScenario parsed =
      extended("extend = \"base.toml\"\nname = \"larger\"\n[[node]]\nname = \"router\"\nmemory = 512\n");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  const ParsedScenario base = parse_scenario(std::string(good_file), "base.toml");
  Scenario expected = base.scenario.value();
  expected.name = "larger";
  find_node(expected.topology, "router")->memory_mib = 512;
  EXPECT_EQ(parsed.scenario, expected);
}

TEST(Extend, NewPartsAreAddedBehindThoseOfTheBase) {
  const ParsedScenario parsed = extended(
      "extend = \"base.toml\"\n[[network]]\nname = \"more\"\nipv4 = \"198.18.77.0/24\"\n[[case]]\nname = \"own\"\n");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  EXPECT_EQ(parsed.scenario.value().topology.networks.back().name, "more");
  EXPECT_EQ(parsed.scenario.value().named_cases.back().name, "own");
}

TEST(Extend, ListsWithoutNamesAreReplaced) {
  const ParsedScenario parsed = extended(
      "extend = \"base.toml\"\n[[node]]\nname = \"client\"\ninterfaces = [ { network = \"lan\", model = \"e1000\" } "
      "]\n");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  const Node& client = *find_node(parsed.scenario.value().topology, "client");
  ASSERT_EQ(client.interfaces.size(), 1U);
  EXPECT_EQ(client.interfaces.front().model, NicModel::e1000);
}

TEST(Extend, AMistakeIsReportedInTheFileThatHasIt) {
  EXPECT_EQ(lines_of(extended("extend = \"base.toml\"\nbogus = 1\n").diagnostics).front().substr(0, 14),
            "over.toml:2:1:");
  const ParsedScenario parsed = parse_scenario({{"over.toml", "extend = \"base.toml\"\nname = \"x\"\n"},
                                                {"base.toml", good_file_with("mtu  = 9000", "mtu = 9")}});
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{"base.toml:10:7: 'mtu' must be from 68 to 65535, not 9"});
}

TEST(Extend, AFileThatWasNotReadIsAMistake) {
  const ParsedScenario parsed = parse_scenario("extend = \"other.toml\"\n" + std::string(good_file), "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics),
            Lines{"f.toml:1:1: the file that this one extends was not read (a circle, or more than 8 files)"});
}

TEST(Extend, TheNameIsFound) {
  EXPECT_EQ(extended_file("name = \"x\"\nextend = \"a/b.toml\"\n"), (FileMention{"a/b.toml", {2, 10}}));
  EXPECT_EQ(extended_file("extend = \"\"\n"), std::nullopt);
  EXPECT_EQ(extended_file("name = \"x\"\n"), std::nullopt);
  EXPECT_EQ(extended_file("= broken"), std::nullopt);
}

}  // namespace
}  // namespace offlab
