// What redrawing leaves on a terminal, on one that is small enough to read here.
#include "progress/redraw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/small_terminal.h"

namespace offlab {
namespace {

using testing::ElementsAre;

using Lines = std::vector<std::string>;

TEST(Redraw, TakesThePlaceOfWhatStoodThere) {
  SmallTerminal terminal(20);
  terminal.write("case a: done\n");
  const Lines first = {"lab-1  boot", "  router starts", "0 of 2"};
  const Lines second = {"lab-1  a", "0 of 2"};
  terminal.write(redrawn({}, first, 20));
  EXPECT_THAT(terminal.rows(), ElementsAre("case a: done", "lab-1  boot", "  router starts", "0 of 2"));
  terminal.write(redrawn(first, second, 20));
  EXPECT_THAT(terminal.rows(), ElementsAre("case a: done", "lab-1  a", "0 of 2"));
  terminal.write(redrawn(second, first, 20));
  EXPECT_THAT(terminal.rows(), ElementsAre("case a: done", "lab-1  boot", "  router starts", "0 of 2"));
}

TEST(Redraw, LeavesNothingWhenNothingIsLeft) {
  SmallTerminal terminal(20);
  const Lines lines = {"lab-1  boot", "0 of 2"};
  terminal.write(redrawn({}, lines, 20));
  terminal.write(redrawn(lines, {}, 20));
  terminal.write("PASS a\n");
  EXPECT_THAT(terminal.rows(), ElementsAre("PASS a"));
  EXPECT_EQ(redrawn({}, {}, 20), "");
}

TEST(Redraw, KnowsWhereATerminalThatBecameNarrowHasBrokenLines) {
  const Lines lines = {"lab-1  broken  case", "0 of 2 cases done"};
  SmallTerminal terminal(10);
  terminal.write("PASS a\n");
  terminal.write("lab-1  broken  case\n0 of 2 cases done");  // as it was drawn, broken after ten columns
  terminal.write(redrawn(lines, {"lab-1", "0 of 2"}, 10));
  EXPECT_THAT(terminal.rows(), ElementsAre("PASS a", "lab-1", "0 of 2"));
}

TEST(Redraw, IsFewSequences) {
  EXPECT_EQ(redrawn({"a", "b"}, {"c", "d"}, 80), "\r\033[1Ac\033[K\nd\033[K");
  EXPECT_EQ(redrawn({"a"}, {"c"}, 80), "\rc\033[K");
}

}  // namespace
}  // namespace offlab
