#include "config/parse_image_recipe.h"

#include <gtest/gtest.h>

#include "good_file.h"

namespace offlab {
namespace {

constexpr std::string_view good_recipe = R"(name = "debian-12"
suite = "bookworm"
kernel = "linux-image-amd64"
packages = ["iperf3", "ethtool"]
modules = ["vmxnet3"]
programs = ["/usr/bin/iperf3", "/usr/sbin/ethtool"]
files = ["/etc/services"]
init = """
#!/bin/sh
exec true
"""
)";

std::string recipe_with(std::string_view piece, std::string_view replacement) {
  std::string text(good_recipe);
  return text.replace(text.find(piece), piece.size(), replacement);
}

std::vector<std::string> mistakes_in_recipe(std::string_view text) {
  const ParsedRecipe parsed = parse_image_recipe(text, "f.toml");
  EXPECT_NE(parsed.recipe.has_value(), !parsed.diagnostics.empty());
  return lines_of(parsed.diagnostics);
}

using Lines = std::vector<std::string>;

TEST(ParseImageRecipe, ReadsEveryKey) {
  const ParsedRecipe parsed = parse_image_recipe(good_recipe, "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  ASSERT_TRUE(parsed.recipe.has_value());
  EXPECT_EQ(*parsed.recipe, (ImageRecipe{"debian-12",
                                         "bookworm",
                                         "linux-image-amd64",
                                         {"iperf3", "ethtool"},
                                         {"vmxnet3"},
                                         {"/usr/bin/iperf3", "/usr/sbin/ethtool"},
                                         {"/etc/services"},
                                         "#!/bin/sh\nexec true\n"}));
}

TEST(ParseImageRecipe, NeedsNoFiles) {
  const ParsedRecipe parsed = parse_image_recipe(recipe_with("files = [\"/etc/services\"]", ""), "f.toml");
  ASSERT_TRUE(parsed.recipe.has_value());
  EXPECT_TRUE(parsed.recipe->files.empty());
}

TEST(ParseImageRecipe, NeedsEverythingElse) {
  EXPECT_EQ(mistakes_in_recipe(""), (Lines{"f.toml:1:1: missing key 'name'", "f.toml:1:1: missing key 'suite'",
                                           "f.toml:1:1: missing key 'kernel'", "f.toml:1:1: missing key 'packages'",
                                           "f.toml:1:1: missing key 'modules'", "f.toml:1:1: missing key 'programs'",
                                           "f.toml:1:1: missing key 'init'"}));
}

TEST(ParseImageRecipe, RefusesUnknownKeys) {
  EXPECT_EQ(mistakes_in_recipe(recipe_with("modules =", "module =")),
            (Lines{"f.toml:1:1: missing key 'modules'", "f.toml:5:1: unknown key 'module' (did you mean 'modules'?)"}));
}

TEST(ParseImageRecipe, RefusesItemsThatAreNoOrEmptyStrings) {
  EXPECT_EQ(mistakes_in_recipe(recipe_with("\"ethtool\"", "5, \"\"")),
            (Lines{"f.toml:4:23: each item of 'packages' must be a string, not an integer",
                   "f.toml:4:26: an item of 'packages' is empty"}));
  EXPECT_EQ(mistakes_in_recipe(recipe_with("[\"vmxnet3\"]", "\"vmxnet3\"")),
            Lines{"f.toml:5:11: 'modules' must be an array of strings, not a string"});
}

TEST(ParseImageRecipe, RefusesRelativePaths) {
  EXPECT_EQ(mistakes_in_recipe(recipe_with("\"/usr/bin/iperf3\"", "\"iperf3\"")),
            Lines{"f.toml:6:13: 'iperf3' is not an absolute path"});
  EXPECT_EQ(mistakes_in_recipe(recipe_with("/etc/services", "/etc/..")),
            Lines{"f.toml:7:10: '/etc/..' must not contain '..'"});
}

TEST(ParseImageRecipe, RefusesANameThatIsAPath) {
  EXPECT_EQ(mistakes_in_recipe(recipe_with("\"debian-12\"", "\"../x\"")),
            Lines{"f.toml:1:8: '../x' is not a valid 'name' (letters, digits, '_', '.' and '-', at most 100 "
                  "characters)"});
}

TEST(ParseImageRecipe, ReportsASyntaxErrorWithItsPlace) {
  const Lines lines = mistakes_in_recipe(recipe_with("[\"vmxnet3\"]", "[\"vmxnet3\" x]"));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].substr(0, 12), "f.toml:5:22:");
}

}  // namespace
}  // namespace offlab
