#include "base/parse_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace offlab {
namespace {

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

std::string refusal(const std::string& text) {
  try {
    parse_json(text, "x.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ParseJson, ReadsADocument) {
  EXPECT_EQ(parse_json(R"({"a": [1, "x"]})", "x.json").at("a").at(1), "x");
  EXPECT_TRUE(try_parse_json("[1]").has_value());
}

TEST(ParseJson, NestingHasALimit) {
  EXPECT_EQ(refusal(nested(deepest_json)), "");
  EXPECT_EQ(refusal(nested(deepest_json + 1)), "x.json is damaged: nested deeper than 64 levels");
  EXPECT_FALSE(try_parse_json(nested(deepest_json + 1)).has_value());
  EXPECT_EQ(refusal(std::string(2'000'000, '[')), "x.json is damaged: nested deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(refusal(objects), "x.json is damaged: nested deeper than 64 levels");
}

TEST(ParseJson, BracketsInsideOfStringsDoNotCount) {
  EXPECT_EQ(refusal(R"(["\"[[\\", ")" + std::string(200, '[') + R"("])"), "");
}

// A few bytes of text each, a hundred of memory.
TEST(ParseJson, TheNumberOfValuesHasALimit) {
  std::string text = "[0";
  for (std::size_t i = 0; i < most_json_values; ++i) text += ",0";
  EXPECT_EQ(refusal(text + "]"), "x.json is damaged: more than 3 million values");
  EXPECT_FALSE(try_parse_json(text + "]").has_value());
}

TEST(ParseJson, SaysWhatIsWrong) {
  EXPECT_THAT(refusal("{"), testing::StartsWith("x.json is damaged: "));
  EXPECT_FALSE(try_parse_json("{").has_value());
  EXPECT_FALSE(try_parse_json("").has_value());
}

}  // namespace
}  // namespace offlab
