// The "==> NAME <==" sections of a guest's snapshot.
#include "measure/sections.h"

#include <gtest/gtest.h>

#include "unit/recorded_run.h"

namespace offlab {
namespace {

using Sections = std::map<std::string, std::string>;

TEST(ParseSections, SplitsARealSnapshot) {
  const auto sections = parse_sections(recorded_leg("hypervisor-lro").seen.after.nodes.at("router"));
  std::vector<std::string> names;
  for (const auto& [name, text] : sections) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"/proc/net/netstat", "/proc/net/snmp", "/proc/net/snmp6", "ethtool -S lan",
                                             "ethtool -S wan", "ethtool -k lan", "ethtool -k wan", "ip_forward",
                                             "ipv6_forwarding", "kernel log", "mtu lan", "mtu wan"}));
  EXPECT_EQ(sections.at("mtu wan"), "1500\n");
  EXPECT_EQ(sections.at("kernel log"), "[   18.616655] offlab: begin 02-hypervisor-lro case\n");
}

TEST(ParseSections, LeavesOutTheLastSectionOfATextThatWasCut) {
  EXPECT_EQ(parse_sections("==> a <==\n1\n==> b <==\n2\n"), (Sections{{"a", "1\n"}}));
  EXPECT_EQ(parse_sections("==> a <==\n1\n==> b <==\n2\n==> en"), (Sections{{"a", "1\n"}}));
  EXPECT_EQ(parse_sections("==> a <==\n1\n==> b <==\n2\n==> end <==\n"), (Sections{{"a", "1\n"}, {"b", "2\n"}}));
}

TEST(ParseSections, NeverTakesPartOfASectionForAllOfIt) {
  const std::string text = recorded_leg("hypervisor-lro").seen.after.nodes.at("client");
  const auto whole = parse_sections(text);
  for (std::size_t size = 0; size < text.size(); size += 97)
    for (const auto& [name, content] : parse_sections(text.substr(0, size))) EXPECT_EQ(content, whole.at(name)) << size;
}

TEST(ParseSections, KeepsASectionThatSaidNothing) {
  EXPECT_EQ(parse_sections("==> a <==\n==> b <==\n2\n==> end <==\n"), (Sections{{"a", ""}, {"b", "2\n"}}));
}

TEST(ParseSections, TakesOnlyWholeLinesForNames) {
  EXPECT_EQ(parse_sections("==> a <==\n x ==> b <==\n==> c\n==><==\n==> end <==\n"),
            (Sections{{"a", " x ==> b <==\n==> c\n==><==\n"}}));
}

TEST(ParseSections, FindsNoneInOtherText) {
  EXPECT_EQ(parse_sections(""), Sections{});
  EXPECT_EQ(parse_sections("sh: not found\n"), Sections{});
}

}  // namespace
}  // namespace offlab
