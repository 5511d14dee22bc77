// Mistakes in one file are all shown, in order, with the line and a caret.
#include <gtest/gtest.h>

#include "good_file.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view bad_file = R"(name = "broken"

[[network]]
name = "wan"
ipv4 = "198.18.2.0/24"
mut  = 9000

[[node]]
name = "router"
role = "router"
interfaces = [ { network = "wan", model = "vmxnet3" }, { network = "lan", mtu = "1500" } ]

[[flow]]
from = "server"
to   = "client"

[axes]
"router.lro" = ["off", "yes"]
"ruoter.gro" = ["on"]

[[case]]
name   = "x"
expect = "helthy"
)";

TEST(SeveralMistakes, AreAllCollectedInTheOrderOfTheFile) {
  EXPECT_EQ(mistakes_in(bad_file),
            (Lines{"f.toml:6:1: unknown key 'mut' (did you mean 'mtu'?)",
                   "f.toml:11:68: unknown network 'lan' (did you mean 'wan'?)",
                   "f.toml:11:81: 'mtu' must be an integer, not a string", "f.toml:13:1: missing key 'name'",
                   "f.toml:14:8: unknown node 'server' (one of: router)",
                   "f.toml:15:8: unknown node 'client' (one of: router)",
                   "f.toml:18:24: 'yes' is not a value of 'router.lro' (one of: on, off)",
                   "f.toml:19:1: unknown setting 'ruoter.gro' (did you mean 'router.gro'?)",
                   "f.toml:23:10: 'helthy' is not a value of 'expect' (did you mean 'healthy'?)"}));
}

TEST(SeveralMistakes, GiveNoScenario) {
  EXPECT_FALSE(parse_scenario(bad_file, "f.toml").scenario.has_value());
}

TEST(SeveralMistakes, AreRenderedWithTheirLinesAndCarets) {
  const std::string text = good_file_with("mtu  = 9000", "mut  = \"9000\"");
  std::string both = text;
  both.replace(both.find("to   = \"client\""), 15, "to   = \"cleint\"");
  EXPECT_EQ(render(parse_scenario(both, "topologies/a.toml").diagnostics, both),
            "topologies/a.toml:10:1: error: unknown key 'mut'\n"
            "  mut  = \"9000\"\n"
            "  ^\n"
            "  hint: did you mean 'mtu'?\n"
            "topologies/a.toml:43:8: error: unknown node 'cleint'\n"
            "  to   = \"cleint\"\n"
            "         ^\n"
            "  hint: did you mean 'client'?\n"
            "2 mistakes in topologies/a.toml\n");
}

TEST(SeveralMistakes, ASyntaxErrorIsRenderedAlone) {
  const std::string text = good_file_with("[axes]", "[axes");
  EXPECT_EQ(render(parse_scenario(text, "a.toml").diagnostics, text),
            "a.toml:47:6: error: Error while parsing table header: expected ']', saw '\\n'\n"
            "  [axes\n"
            "       ^\n"
            "1 mistake in a.toml\n");
}

}  // namespace
}  // namespace offlab
