// Names and texts on the disk that somebody else may have written, as commands print them.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/read_file.h"
#include "folders.h"
#include "lab/program.h"
#include "unit/xml_characters.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const std::string hostile = "x\033]0;title\007\033[2J\u009b1m\xff\nPASS  forged";
const std::string clean = "x? / PASS  forged";

class TerminalText : public testing::Test {
 protected:
  std::string shown(const std::vector<std::string>& arguments, int status = 0) const {
    Program program(arguments, {}, {"OFFLAB_CACHE=" + folder_.path().string()});
    EXPECT_EQ(program.wait(std::chrono::seconds(30)), status) << program.output();
    const std::string text = program.output();
    EXPECT_EQ(character_that_xml_forbids(text), "") << text;
    EXPECT_EQ(text.find_first_of("\a\b\r\033\x7f"), std::string::npos) << text;
    EXPECT_THAT(text, Not(HasSubstr("\u009b")));
    EXPECT_THAT("\n" + text, Not(HasSubstr("\nPASS")));
    return text;
  }
  ScratchFolder folder_;
};

TEST_F(TerminalText, NamesOfLabs) {
  fs::create_directories(folder_ / ("labs/" + hostile));
  EXPECT_THAT(shown({"list"}), HasSubstr("\n" + clean + " "));
  EXPECT_THAT(shown({"gc"}), HasSubstr("removed what lab '" + clean + "' left\n"));
  fs::create_directories(folder_ / ("labs/" + hostile));
  EXPECT_THAT(shown({"down", "--all"}), HasSubstr("lab '" + clean + "' was dead"));
}

TEST_F(TerminalText, NamesOfImagesAndLabelsOfSavedGuests) {
  fs::create_directories(folder_ / ("images/" + hostile + "/0123456789"));
  fs::create_directories(folder_ / "warm/0123");
  std::ofstream(folder_ / "warm/0123/state.json") << nlohmann::json{
      {"schema", "offlab.warm/2"},  {"size", 1},           {"sha256", "0"}, {"node", "n\033[2J\nPASS"},
      {"image", "i\u009b1m\nPASS"}, {"machine", "m\uffff"}};
  const std::string text = shown({"cache"});
  EXPECT_THAT(text, HasSubstr("\n  " + clean + " 01234567 "));
  EXPECT_THAT(text, HasSubstr("\n  n / PASS "));
  EXPECT_THAT(text, HasSubstr("  i / PASS, m?\n"));
}

TEST_F(TerminalText, MembersOfASuite) {
  fs::create_directories(folder_ / ("suite/" + hostile));
  std::ofstream(folder_ / ("suite/" + hostile) / "error.txt") << hostile;
  EXPECT_THAT(shown({"judge", folder_ / "suite"}, 3), HasSubstr("\n" + clean + "  - "));
  fs::create_directories(folder_ / "suite" / (hostile + "2"));
  std::ofstream(folder_ / "suite" / (hostile + "2") / "plan.json") << "{";
  shown({"judge", folder_ / "suite"}, 3);
}

TEST_F(TerminalText, APlanAsJson) {
  std::string text = read_whole_file(fs::path(source_folder()) / "topologies/demo.toml");
  const auto summary = text.find("summary");
  text.replace(summary, text.find('\n', summary) - summary, R"(summary = "a\u009b2Jb\uFFFF\u202Ec")");
  std::ofstream(folder_ / "x.toml") << text;
  EXPECT_EQ(nlohmann::json::parse(shown({"plan", "--json", folder_ / "x.toml"})).at("summary"), "ab??c");
}

TEST_F(TerminalText, APathInAnErrorAndInAMistake) {
  const fs::path file = folder_ / (hostile + ".toml");
  EXPECT_THAT(shown({"validate", file}, 2), HasSubstr(clean + ".toml: No such file"));
  std::ofstream(file) << "nam = 1\n";
  EXPECT_THAT(shown({"validate", file}, 2), HasSubstr(clean + ".toml:1:1: error"));
  EXPECT_THAT(shown({"judge", folder_ / hostile}, 2), HasSubstr(clean + " is not a run folder"));
}

}  // namespace
}  // namespace offlab::test
