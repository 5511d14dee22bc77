// Counters of dropped packets as a router printed them.
#include "measure/drop_counters.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "folders.h"
#include "measure/sections.h"

namespace offlab {
namespace {

using Sections = std::map<std::string, std::string>;

Sections recorded(const std::string& moment) {
  std::ifstream file(tests_folder() + "/data/drop-counters/" + moment + ".txt");
  std::ostringstream text;
  text << file.rdbuf();
  return parse_sections(text.str());
}

std::map<std::string, std::uint64_t> by_name(const std::vector<DropCounter>& drops) {
  std::map<std::string, std::uint64_t> counts;
  for (const DropCounter& one : drops) counts[one.what] = one.packets;
  return counts;
}

TEST(DropCounters, NameWhatDroppedAndHowOften) {
  EXPECT_EQ(by_name(grown_drops(recorded("before"), recorded("after"))),
            (std::map<std::string, std::uint64_t>{
                {"rule 2 of nft chain inet filter forward", 7},
                {"the kernel in nft_do_chain(), NETFILTER_DROP", 7},
                {"qdisc netem 8001: on wan", 3},
                {"the kernel in kfree_skb_list_reason(), QDISC_DROP", 3},
                {"the kernel in neigh_invalidate(), NEIGH_FAILED", 10},
                {"tc gact on what comes in at lan", 11},
                {"qdisc ingress ffff: on lan", 11},
                {"the kernel in __netif_receive_skb_core.constprop.0(), TC_INGRESS", 11},
            }));
}

TEST(DropCounters, TheOneThatCountedMostComesFirst) {
  const auto drops = grown_drops(recorded("before"), recorded("after"));
  ASSERT_GE(drops.size(), 2U);
  for (std::size_t i = 1; i < drops.size(); ++i) EXPECT_GE(drops[i - 1].packets, drops[i].packets);
}

TEST(DropCounters, WithoutGrowthAreNone) {
  EXPECT_TRUE(grown_drops(recorded("after"), recorded("after")).empty());
  EXPECT_TRUE(grown_drops({}, {}).empty());
}

TEST(DropCounters, KnowTheRateOfAQueueThatHoldsBack) {
  const auto of = [](const std::string& options, std::uint64_t drops) {
    return Sections{{"tc -s -j qdisc show", R"([{"kind":"tbf","handle":"8002:","dev":"lan","options":)" + options +
                                                R"(,"drops":)" + std::to_string(drops) + "}]"}};
  };
  const std::string tbf = R"({"rate":6250000,"burst":70000,"lat":20800})";
  const auto drops = grown_drops(of(tbf, 0), of(tbf, 5));
  ASSERT_EQ(drops.size(), 1U);
  EXPECT_EQ(drops[0].rate_bps, 50e6);
  EXPECT_EQ(grown_drops(of("{}", 0), of("{}", 5)).at(0).rate_bps, std::nullopt);
}

// A guest may print anything.
TEST(DropCounters, OfWhatIsNotWhatItShouldBeAreNone) {
  for (const char* text : {"", "[", "{}", "[1]", R"([{"kind":1,"drops":"x"}])", R"([{"drops":-5}])"}) {
    const Sections odd = {{"tc -s -j qdisc show", text},
                          {"tc -s -j filter show dev lan ingress", text},
                          {"tc -s -j filter show dev ", text},
                          {"nft -j list ruleset", text},
                          {"/proc/net/stat/nf_conntrack", text},
                          {"/proc/net/softnet_stat", text},
                          {"iptables-save -c", text},
                          {"kfree_skb histogram", text},
                          {"kfree_skb reasons", text}};
    EXPECT_TRUE(grown_drops({}, odd).empty()) << text;
  }
}

TEST(DropCounters, ReadsIptablesAndConnectionTracking) {
  const Sections before = {{"iptables-save -c", "[5:300] -A FORWARD -p tcp -j DROP\n[9:9] -A FORWARD -j ACCEPT\n"},
                           {"/proc/net/stat/nf_conntrack", "entries found drop\n00000001 00000002 00000003\n"},
                           {"/proc/net/softnet_stat", "00000082 00000001 00000000\n"}};
  const Sections after = {{"iptables-save -c", "[17:900] -A FORWARD -p tcp -j DROP\n[99:9] -A FORWARD -j ACCEPT\n"},
                          {"/proc/net/stat/nf_conntrack", "entries found drop\n00000001 00000002 0000000a\n"},
                          {"/proc/net/softnet_stat", "00000082 00000003 00000000\n"}};
  EXPECT_EQ(by_name(grown_drops(before, after)),
            (std::map<std::string, std::uint64_t>{{"iptables -A FORWARD -p tcp -j DROP", 12},
                                                  {"connection tracking (drop)", 7},
                                                  {"the receive backlog (softnet)", 2}}));
}

}  // namespace
}  // namespace offlab
