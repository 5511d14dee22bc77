// What a user reads about mistakes in a file. The text is pinned: people and editors rely on it.
#include "base/diagnostic.h"

#include <string>

#include <gtest/gtest.h>

namespace offlab {
namespace {

constexpr std::string_view source =
    "name = \"x\"\n"
    "\tmut = 1500\n"
    "last = 1";

TEST(RenderDiagnostic, ShowsPlaceLineCaretAndHint) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {1, 8}, "'x' is too short", "use more letters"}, source),
            "f.toml:1:8: error: 'x' is too short\n"
            "  name = \"x\"\n"
            "         ^\n"
            "  hint: use more letters\n");
}

TEST(RenderDiagnostic, PutsTheCaretUnderTheFirstColumn) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {3, 1}, "no", ""}, source),
            "f.toml:3:1: error: no\n"
            "  last = 1\n"
            "  ^\n");
}

TEST(RenderDiagnostic, CountsATabAsOneColumn) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {2, 2}, "unknown key 'mut'", ""}, source),
            "f.toml:2:2: error: unknown key 'mut'\n"
            "   mut = 1500\n"
            "   ^\n");
}

TEST(RenderDiagnostic, ShowsNoLineForTheFileAsAWhole) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {}, "there is no network", "add one"}, source),
            "f.toml: error: there is no network\n  hint: add one\n");
}

TEST(RenderDiagnostic, ShowsAnEmptyLineWhereTheFileHasNone) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {9, 1}, "it ends early", ""}, source),
            "f.toml:9:1: error: it ends early\n  \n  ^\n");
}

TEST(RenderDiagnostic, StopsTheLineAtACarriageReturn) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {1, 2}, "no", ""}, "ab\r\ncd\r\n"), "f.toml:1:2: error: no\n  ab\n   ^\n");
}

TEST(RenderDiagnostic, HidesFromTheTerminalWhatIsNoText) {
  EXPECT_EQ(render(Diagnostic{"f.toml", {1, 3}, "no", ""}, "a\x1b[2J\x7f"), "f.toml:1:3: error: no\n  a?[2J?\n    ^\n");
  EXPECT_EQ(render(Diagnostic{"f.toml", {1, 5}, "no", ""}, "\u009b\u00e4\xe2\x80\xae\tx"),
            "f.toml:1:5: error: no\n  ?\u00e4? x\n      ^\n");
}

TEST(RenderDiagnostic, ForgesNoLine) {
  EXPECT_EQ(render(Diagnostic{"f\033[m\nx.toml", {1, 1}, "no\nf.toml: ok", "a\nb"}, "a"),
            "f / x.toml:1:1: error: no / f.toml: ok\n  a\n  ^\n  hint: a / b\n");
  EXPECT_EQ(render(Diagnostic{"f\nx.toml", {}, "no\nf.toml: ok", ""}, ""), "f / x.toml: error: no / f.toml: ok\n");
  EXPECT_EQ(render(Diagnostics{{"f\nx.toml", {}, "no", ""}}, ""), "f / x.toml: error: no\n1 mistake in f / x.toml\n");
}

TEST(RenderDiagnostic, LeavesOutALineThatIsTooLongToRead) {
  const std::string shown(400, 'a');
  EXPECT_EQ(render(Diagnostic{"f.toml", {1, 1}, "no", ""}, shown), "f.toml:1:1: error: no\n  " + shown + "\n  ^\n");
  EXPECT_EQ(render(Diagnostic{"f.toml", {1, 1}, "no", ""}, shown + "a"), "f.toml:1:1: error: no\n");
}

TEST(RenderDiagnostics, OrdersByPositionAndCounts) {
  const Diagnostics diagnostics = {
      {"f.toml", {3, 1}, "third", ""}, {"f.toml", {1, 8}, "second", ""}, {"f.toml", {1, 2}, "first", ""}};
  EXPECT_EQ(render(diagnostics, source),
            "f.toml:1:2: error: first\n  name = \"x\"\n   ^\n"
            "f.toml:1:8: error: second\n  name = \"x\"\n         ^\n"
            "f.toml:3:1: error: third\n  last = 1\n  ^\n"
            "3 mistakes in f.toml\n");
}

TEST(RenderDiagnostics, KeepsTheOrderOfMistakesAtTheSamePlace) {
  const std::string text = render(Diagnostics{{"f.toml", {}, "one", ""}, {"f.toml", {}, "two", ""}}, source);
  EXPECT_EQ(text, "f.toml: error: one\nf.toml: error: two\n2 mistakes in f.toml\n");
}

TEST(RenderDiagnostics, SaysOneMistakeInTheSingular) {
  EXPECT_EQ(render(Diagnostics{{"f.toml", {}, "one", ""}}, source), "f.toml: error: one\n1 mistake in f.toml\n");
}

TEST(RenderDiagnostics, SaysNothingAboutNothing) {
  EXPECT_EQ(render(Diagnostics{}, source), "");
}

TEST(NearestWord, FindsASlipOfThePen) {
  EXPECT_EQ(nearest_word("mut", {"model", "mtu", "network"}), "mtu");
  EXPECT_EQ(nearest_word("netwrok", {"model", "mtu", "network"}), "network");
  EXPECT_EQ(nearest_word("generic-recieve-ofload", {"generic-receive-offload", "generic-segmentation-offload"}),
            "generic-receive-offload");
}

TEST(NearestWord, TakesTheNearestAndOfTwoTheFirst) {
  EXPECT_EQ(nearest_word("gsa", {"tso", "gso"}), "gso");
  EXPECT_EQ(nearest_word("so", {"tso", "gso"}), "tso");
  EXPECT_EQ(nearest_word("lro", {"gro", "lro"}), "lro");
}

TEST(NearestWord, IsEmptyWhenNoneIsNear) {
  EXPECT_EQ(nearest_word("hypervisor", {"model", "mtu"}), "");
  EXPECT_EQ(nearest_word("mtu", {}), "");
}

TEST(NearestWord, DoesNotTakeOneShortWordForAnother) {
  EXPECT_EQ(nearest_word("ab", {"rx", "tx"}), "");
}

}  // namespace
}  // namespace offlab
