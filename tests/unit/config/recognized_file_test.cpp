// A file that is no topology, and no image recipe, may be anything: nothing of it is shown.
#include "config/recognized_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_image_recipe.h"
#include "good_file.h"

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string shown_of_topology(const std::string& text) {
  return render(parse_scenario(text, "f").diagnostics, text);
}

std::string shown_of_recipe(const std::string& text) {
  return render(parse_image_recipe(text, "f").diagnostics, text);
}

// Each has "hunter2" where toml++, offlab's own messages, or the line under a message would show it.
const std::vector<std::string>& secrets() {
  static const std::vector<std::string> all = {"root:$6$hunter2:19000:0:99999:7:::\n",
                                               "hunter2 = 1\nhunter2 = 2\n",
                                               "password = \"hunter2\"\n",
                                               "hunter2 = \"x\"\n",
                                               "[hunter2]\nx = 1\n[hunter2]\n",
                                               "x = \"hunter2\\u0000\"\n",
                                               "x = hunter2\n",
                                               "[[[hunter2]]]\n",
                                               "hunter2" + std::string(300, '.') + "\n",
                                               "hunter2 name = 1\n",
                                               "[name]\nhunter2 =\n",
                                               "names = \"hunter2\"\nx\n",
                                               "-----BEGIN PRIVATE KEY-----\nhunter2==\n"};
  return all;
}

TEST(RecognizedFile, NothingOfAnyOtherFileIsShown) {
  for (const std::string& text : secrets()) {
    const std::string topology = shown_of_topology(text);
    EXPECT_THAT(topology, Not(HasSubstr("hunter2"))) << text;
    EXPECT_THAT(topology, HasSubstr("this is no topology file: it ")) << text;
    EXPECT_THAT(topology, HasSubstr("1 mistake in f")) << text;
    const std::string recipe = shown_of_recipe(text);
    EXPECT_THAT(recipe, Not(HasSubstr("hunter2"))) << text;
    EXPECT_THAT(recipe, HasSubstr("this is no image recipe: it ")) << text;
  }
}

TEST(RecognizedFile, TheMessageSaysWhereAndWhy) {
  EXPECT_EQ(shown_of_topology("\nroot:x:0\n"),
            "f:2:5: error: this is no topology file: it is no TOML, and no line begins with a key of one\n"
            "  hint: begin one with name = \"...\"\n1 mistake in f\n");
  EXPECT_EQ(shown_of_recipe("\nx = 1\n"),
            "f:1:1: error: this is no image recipe: it has none of the keys of one\n"
            "  hint: begin one with name = \"...\"\n1 mistake in f\n");
}

TEST(RecognizedFile, AMistakeInOneOfOursIsShownWithItsLine) {
  for (const char* begin : {"name = \"x\"", "name=\"x\"", "  [[ node ]]", "[axes]", "[measure]", "measure.rounds = 1",
                            "[node.x]", "\xef\xbb\xbfsummary = 1", "extend = \"x\"\r"}) {
    const std::string shown = shown_of_topology(std::string(begin) + "\nfoo bar\n");
    EXPECT_THAT(shown, HasSubstr("foo bar\n")) << begin;
    EXPECT_THAT(shown, HasSubstr("^")) << begin;
  }
  EXPECT_THAT(shown_of_recipe("packages = [\nfoo bar\n"), HasSubstr("foo bar\n"));
  EXPECT_THAT(shown_of_topology("packages = [\nfoo bar\n"), Not(HasSubstr("foo bar")));
}

TEST(RecognizedFile, OneKeyOfOursIsEnough) {
  EXPECT_THAT(shown_of_topology("nam = 1\nsummary = \"x\"\n"), HasSubstr("unknown key 'nam'"));
  EXPECT_THAT(shown_of_topology("nam = 1\n\"summary\" = \"x\"\n"), HasSubstr("unknown key 'nam'"));
}

TEST(RecognizedFile, OfTwoFilesOnlyTheOneThatIsNotOursIsHidden) {
  const std::vector<SourceFile> files = {{"over.toml", "extend = \"base\"\nname = \"x\"\n"},
                                         {"base", "root:hunter2:0\n"}};
  const std::string shown = render(parse_scenario(files).diagnostics, files);
  EXPECT_THAT(shown, HasSubstr("base:1:5: error: this is no topology file"));
  EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace offlab
