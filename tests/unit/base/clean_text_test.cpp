// Text of guests, images, foreign folders and captures before it reaches a terminal, JSON or XML.
#include "base/clean_text.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/clean_format.h"
#include "base/json.h"
#include "unit/xml_characters.h"

namespace offlab {
namespace {

struct Cleaning {
  std::string text;
  std::string line;
};

const std::vector<Cleaning> cleanings = {
    {"", ""},
    {"plain text, 100 % of it: ~{}[]\\", "plain text, 100 % of it: ~{}[]\\"},
    {"\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \U0001f600 \ufffd",
     "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \U0001f600 \ufffd"},
    // ECMA-48: control sequences
    {"a\033[31mred\033[0m b", "ared b"},
    {"\033[2J\033[1;1Hx", "x"},
    {"\033[?1049h\033[ qx", "x"},
    {"x\033[12;", "x"},
    {"x\033[12\ny", "x / y"},
    {"\u009b31mred", "red"},
    // control strings: OSC, DCS, SOS, PM, APC
    {"\033]0;title\007text", "text"},
    {"\033]0;title\033\\text", "text"},
    {"\033]0;title\u009ctext", "text"},
    {"\u009d0;title\007text", "text"},
    {"\033]0;t\u00e4tle\007text", "text"},
    {"\033Pq#0;2\033\\text", "text"},
    {"\u0090q#0;2\u009ctext", "text"},
    {"\033Xsos\033\\a\033^pm\033\\b\033_apc\033\\c", "abc"},
    {"\u0098sos\u009ca\u009epm\u009cb\u009fapc\u009cc", "abc"},
    {"\033]0;never ended", ""},
    {"\033]0;never ended\nnext line", "next line"},
    {"\033]0;a\033[31mb", "b"},
    // other escape sequences
    {"x\033", "x"},
    {"\033cx\0337y\033(Bz\033#8", "xyz"},
    {"\033\033[31mx", "x"},
    {"\033\u00e4", "\u00e4"},
    {"\u0085\u008dx\u008e", "x"},
    // control characters
    {"a\tb", "a b"},
    {"a\nb", "a / b"},
    {"a\r\nb", "a / b"},
    {"a\r\r\n\r\n\nb", "a / b"},
    {"10 %\r20 %", "10 % 20 %"},
    {"\nPASS  forged\n", "PASS  forged"},
    {"a\n\033[m\n", "a"},
    {std::string("a\0b\x01\b\x7f", 6), "ab"},
    // no UTF-8
    {"\xff\xfe", "??"},
    {"a\xc3", "a?"},
    {"\xe2\x82z", "??z"},
    {"\xc3\033[31m\xa9", "??"},
    {"\xed\xa0\x80", "???"},            // a surrogate
    {"\xc0\xaf\xe0\x80\xaf", "?????"},  // longer than needed
    {"\xf4\x90\x80\x80", "????"},       // beyond U+10FFFF
    {"\xf8\x88\x80\x80\x80", "?????"},
    {"\x9b"
     "31m",
     "?31m"},
    // no characters, and such that hide or turn others
    {"\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff", "??????"},
    {"\ufdcf\ufdf0\ufffd\U0001fffd", "\ufdcf\ufdf0\ufffd\U0001fffd"},
    {"\u202a\u202b\u202c\u202c\u202d\u202e\u202c\u202c", "????????"},
    {"\u2066\u2067\u2068\u2069\u2069\u2069\u200e\u200f\u061c", "?????????"},
    {"\u2028\u2029\ufeff", "???"},
};

TEST(CleanLine, IsOneLineOfText) {
  for (const auto& [text, line] : cleanings) EXPECT_EQ(clean_line(text), line) << nlohmann::json(line);
}

TEST(CleanText, IsTheSameWithLinesAndTabs) {
  for (const auto& [text, line] : cleanings) {
    if (text.find_first_of("\r\n\t") != std::string::npos) continue;
    EXPECT_EQ(clean_text(text), line) << nlohmann::json(line);
  }
  EXPECT_EQ(clean_text("a\tb\nc\r\nd\r\r\n\r\ne\n"), "a\tb\nc\nd\n\ne\n");
  EXPECT_EQ(clean_text("10 %\r20 %"), "10 % 20 %");
  EXPECT_EQ(clean_text("\033]0;never ended\nnext line"), "\nnext line");
}

TEST(CleanColumns, KeepsTheColumnOfEveryCharacter) {
  EXPECT_EQ(clean_columns("\ta = \"\033[31m\x7f\u009b\u200f\xff\u00e4\""), " a = \"?[31m????\u00e4\"");
}

// Every pair of bytes, and every code point.
TEST(CleanText, IsUtf8ThatXmlMayHaveAndCleanAlready) {
  const auto check = [](const std::string& text) {
    for (const std::string& clean : {clean_line(text), clean_text(text), clean_columns(text)}) {
      ASSERT_EQ(character_that_xml_forbids(clean), "") << nlohmann::json(clean);
      ASSERT_EQ(clean.find_first_of("\033\a\r\x7f"), std::string::npos);
    }
    ASSERT_EQ(clean_line(clean_line(text)), clean_line(text));
    ASSERT_EQ(clean_text(clean_text(text)), clean_text(text));
    ASSERT_EQ(clean_line(text).find_first_of("\n\t"), std::string::npos);
  };
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second)
      check({'a', static_cast<char>(first), static_cast<char>(second), '\x80', 'm'});
  for (char32_t code = 0x800; code <= 0xffff; ++code)
    check({static_cast<char>(0xe0U | code >> 12U), static_cast<char>(0x80U | (code >> 6U & 0x3fU)),
           static_cast<char>(0x80U | (code & 0x3fU))});
}

TEST(CleanFormat, CleansEachTextForItself) {
  EXPECT_EQ(clean_format("{:<4}|{} {} {}\n", "a\nb", std::string("\033]0;hides"), std::string_view("x"), 7),
            "a / b| x 7\n");
}

}  // namespace
}  // namespace offlab
