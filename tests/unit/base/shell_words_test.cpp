#include "base/shell_words.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(ShellQuoted, IsOneWordWhateverIsInIt) {
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("two words"), "'two words'");
  EXPECT_EQ(shell_quoted("$HOME \"x\" `y` \\z\n"), "'$HOME \"x\" `y` \\z\n'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
}

TEST(WithoutLastEndsOfLine, KeepsEverythingElse) {
  EXPECT_EQ(without_last_ends_of_line("one\ntwo \n\n"), "one\ntwo ");
  EXPECT_EQ(without_last_ends_of_line("\n"), "");
  EXPECT_EQ(without_last_ends_of_line(""), "");
}

}  // namespace
}  // namespace offlab
