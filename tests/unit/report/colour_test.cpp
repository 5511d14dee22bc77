#include "report/colour.h"

#include <gtest/gtest.h>

#include "base/clean_text.h"
#include "report/console.h"
#include "unit/golden.h"
#include "unit/report/sample_run.h"

namespace offlab {
namespace {

constexpr ColourChoice automatic = ColourChoice::automatic;

TEST(Colours, AreForTerminals) {
  EXPECT_TRUE(wants_colours(automatic, {.term = "xterm"}, true));
  EXPECT_FALSE(wants_colours(automatic, {.term = "xterm"}, false));
  EXPECT_FALSE(wants_colours(automatic, {.term = "dumb"}, true));
}

// https://no-color.org: "when present and not an empty string (regardless of its value)".
TEST(Colours, NoColorCountsWhenItIsNotEmpty) {
  EXPECT_FALSE(wants_colours(automatic, {.no_color = "0", .term = "xterm"}, true));
  EXPECT_TRUE(wants_colours(automatic, {.no_color = "", .term = "xterm"}, true));
  EXPECT_FALSE(wants_colours(automatic, {.no_color = "1", .clicolor_force = "1", .term = "xterm"}, true));
}

TEST(Colours, CanBeForcedIntoAPipe) {
  EXPECT_TRUE(wants_colours(automatic, {.clicolor_force = "1"}, false));
  EXPECT_FALSE(wants_colours(automatic, {.clicolor_force = "0"}, false));
}

TEST(Colours, TheUsersChoiceCountsMost) {
  EXPECT_TRUE(wants_colours(ColourChoice::always, {.no_color = "1", .term = "dumb"}, false));
  EXPECT_FALSE(wants_colours(ColourChoice::never, {.clicolor_force = "1", .term = "xterm"}, true));
}

TEST(Colours, AreThoseOfOutcomes) {
  EXPECT_EQ(with_colours("FAIL         a  [x]\n    fail         text\n"),
            "\033[1;31mFAIL\033[0m         a  [x]\n    \033[1;31mfail\033[0m         text\n");
  EXPECT_EQ(with_colours("a     pass          healthy"), "a     \033[32mpass\033[0m          healthy");
  EXPECT_EQ(with_colours("vmxnet3: is forwarding healthy? PASS"),
            "vmxnet3: is forwarding healthy? \033[32mPASS\033[0m");
}

TEST(Colours, WordsInSentencesAreLeftAlone) {
  for (const char* text : {"the router may pass", "it did fail  here", "pass-through", "a case: PASS"})
    EXPECT_EQ(with_colours(text), text);
}

TEST(Colours, SayNothingThatTheWordsDoNot) {
  std::string text = console_summary(sample_run(), "runs/x");
  for (const CaseResult& one : sample_run().cases) text += console_case(one, Question::healthy, true);
  const std::string coloured = with_colours(text);
  EXPECT_NE(coloured, text);
  EXPECT_EQ(clean_text(coloured), text);
}

}  // namespace
}  // namespace offlab
