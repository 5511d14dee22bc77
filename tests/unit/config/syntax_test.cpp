// Text that is no TOML, or no topology at all: always a place, never a crash.
#include <gtest/gtest.h>

#include "good_file.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

// The place of the only mistake: "f.toml:LINE:COL".
std::string place_of_mistake(std::string_view text) {
  const Lines lines = mistakes_in(text);
  EXPECT_EQ(lines.size(), 1U);
  return lines.empty() ? "none" : lines[0].substr(0, lines[0].find(": "));
}

TEST(Syntax, AnErrorIsReportedWithItsPlaceAndTheParsersWords) {
  EXPECT_EQ(mistakes_in("name = \"x\"\nmtu = \n"),
            Lines{"f.toml:2:7: Error while parsing key-value pair: expected value, saw '\\n'"});
  EXPECT_EQ(mistakes_in("name = 1\nname = 2\n"),
            Lines{"f.toml:2:8: Error while parsing key-value pair: cannot redefine existing integer 'name'"});
}

TEST(Syntax, EveryKindOfBrokenTextHasAPlace) {
  EXPECT_EQ(place_of_mistake("name = \"x\n"), "f.toml:1:10");
  EXPECT_EQ(place_of_mistake("\n[node\n"), "f.toml:2:6");
  EXPECT_EQ(place_of_mistake("a = 99999999999999999999\n"), "f.toml:1:25");
  EXPECT_EQ(place_of_mistake("a = \"\xff\"\n"), "f.toml:1:5");
  EXPECT_EQ(place_of_mistake(std::string_view("a = \"x\0y\"\n", 10)), "f.toml:1:7");
  EXPECT_EQ(place_of_mistake("a = [ 1, \n"), "f.toml:1:11");
}

TEST(Syntax, TheParsersAssertionsBecomeMistakesToo) {
  EXPECT_EQ(mistakes_in("name = 1 # \xc3\xa9\n[[[a]]]\n"), Lines{"f.toml:2:3: not valid TOML"});
  EXPECT_EQ(mistakes_in("name = 1\n[=]"), Lines{"f.toml:2:2: not valid TOML"});
}

TEST(Syntax, LettersThatAreNotAsciiBelongInStringsAndComments) {
  EXPECT_EQ(mistakes_in("name = 1 \xc3\xa9\n"),
            Lines{"f.toml:1:10: Error while parsing key-value pair: expected a comment or whitespace, saw '\xc3\xa9'"});
  EXPECT_EQ(mistakes_in("name = 1\u00a0\n"),
            Lines{"f.toml:1:9: Error while parsing key-value pair: expected space or tab, saw '\\u00A0'"});
  EXPECT_EQ(mistakes_in(good_file_with("\"A vmxnet3 router\"",
                                       "\"\"\"\xc3\xa9\\\n  \xc3\xa9 \xf0\x9f\x98\x80\"\"\" # \xc3\xa9")),
            Lines{});
}

TEST(Syntax, AnEmptyTextMissesEverything) {
  EXPECT_EQ(mistakes_in(""),
            (Lines{"f.toml:1:1: missing key 'name'", "f.toml:1:1: at least one [[network]] is needed",
                   "f.toml:1:1: at least one [[node]] is needed", "f.toml:1:1: at least one [[flow]] is needed"}));
  EXPECT_EQ(mistakes_in("name = \"x\"\nnetwork = []\nnode = []\nflow = []\n"),
            (Lines{"f.toml:2:11: at least one [[network]] is needed", "f.toml:3:8: at least one [[node]] is needed",
                   "f.toml:4:8: at least one [[flow]] is needed"}));
}

TEST(Syntax, ByteOrderMarkAndCarriageReturnsAreNoMistake) {
  std::string text = "\xef\xbb\xbf";
  for (const char c : good_file) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(mistakes_in(text), Lines{});
}

TEST(Syntax, NestingIsBounded) {
  EXPECT_EQ(place_of_mistake("[a" + repeated(".a", 150000) + "]\n"), "f.toml:1:1");  // larger than 256 KiB
  EXPECT_EQ(mistakes_in("\n[node" + repeated(".a", 100000) + "]\n"),
            Lines{"f.toml:2:1: more than 200 dots in one line"});
  EXPECT_EQ(mistakes_in("[node" + repeated(".a", 200) + "]\n"), Lines{"f.toml:1:1: nested too deeply"});
  EXPECT_EQ(place_of_mistake("a = " + repeated("[", 100000)), "f.toml:1:21");
  const std::string inline_tables = repeated("[\n{a" + repeated(".a", 200) + "=", 100);
  EXPECT_EQ(place_of_mistake("a = " + inline_tables), "f.toml:9:404");
}

TEST(Syntax, TextThatIsTooLargeIsRefused) {
  EXPECT_EQ(mistakes_in("name = 1\n" + std::string(262144, '#')), Lines{"f.toml:1:1: the file is larger than 256 KiB"});
  EXPECT_EQ(mistakes_in(std::string(262144, '#')).size(), 4U);  // an empty file
}

TEST(Syntax, NulCharactersByEscapeAreRefused) {
  EXPECT_EQ(mistakes_in(good_file_with("198.18.2.1\"", "198.18.2.1\\u0000x\"")),
            Lines{"f.toml:38:42: a string must not contain a NUL character"});
  EXPECT_EQ(mistakes_in(good_file_with("summary", "\"a\\u0000b\"")),
            Lines{"f.toml:2:1: no key is longer than 100 characters or contains NUL"});
}

TEST(Syntax, LongKeysAreRefused) {
  EXPECT_EQ(mistakes_in(good_file_with("summary", std::string(101, 'k'))),
            Lines{"f.toml:2:1: no key is longer than 100 characters or contains NUL"});
}

TEST(Syntax, QuotedTextIsTamedAndShortened) {
  EXPECT_EQ(mistakes_in(good_file_with("role = \"server\"", "role = \"\\u001b[2J\\nx\"")),
            Lines{"f.toml:37:8: '?[2J?x' is not a value of 'role' (one of: client, router, server, bridge)"});
  const Lines lines = mistakes_in(good_file_with("role = \"server\"", "role = \"" + repeated("\xc3\xa9", 1000) + "\""));
  EXPECT_EQ(lines,
            Lines{"f.toml:37:8: '" + repeated("\xc3\xa9", 149) + "... (one of: client, router, server, bridge)"});
}

TEST(Syntax, MistakesAreCountedUpToAHundred) {
  std::string keys = "name = \"x\"\n";
  for (int i = 0; i < 500; ++i) keys += "key-" + std::to_string(i) + " = 1\n";
  const Lines lines = mistakes_in(keys);
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines.back(), "f.toml:99:1: too many mistakes; the rest is not shown");
}

}  // namespace
}  // namespace offlab
