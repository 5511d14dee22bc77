// Kernel counters and their growth. A counter that cannot be compared is absent, never zero.
#include "measure/counters.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "measure/sections.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

std::string recorded(const std::string& node, const std::string& section, bool after = true) {
  const LegObservation seen = recorded_leg("hypervisor-lro").seen;
  return parse_sections((after ? seen.after : seen.before).nodes.at(node)).at(section);
}

TEST(PairedCounters, ReadARealFile) {
  const Counters counters = parse_paired_counters(recorded("router", "/proc/net/snmp"));
  EXPECT_EQ(counters.at("Ip.FragFails"), 18U);
  EXPECT_EQ(counters.at("Ip.DefaultTTL"), 64U);
  EXPECT_EQ(counters.at("IcmpMsg.OutType3"), 18U);
  EXPECT_EQ(counters.at("Udp.MemErrors"), 0U);
}

TEST(PairedCounters, LeaveOutValuesBelowZero) {
  const Counters counters = parse_paired_counters(recorded("router", "/proc/net/snmp"));
  EXPECT_EQ(counters.count("Tcp.MaxConn"), 0U);  // -1
  EXPECT_EQ(counters.count("Tcp.ActiveOpens"), 1U);
}

TEST(PairedCounters, ReadNetstatToo) {
  const Counters counters = parse_paired_counters(recorded("server", "/proc/net/netstat"));
  EXPECT_EQ(counters.count("TcpExt.TCPLostRetransmit"), 1U);
  EXPECT_EQ(counters.count("IpExt.InOctets"), 1U);
}

TEST(CounterText, ReadsAllFilesInOneText) {
  const std::string all = recorded("router", "/proc/net/snmp") + recorded("router", "/proc/net/snmp6") +
                          recorded("router", "/proc/net/netstat");
  Counters apart = parse_paired_counters(recorded("router", "/proc/net/snmp"));
  apart.merge(parse_snmp6(recorded("router", "/proc/net/snmp6")));
  apart.merge(parse_paired_counters(recorded("router", "/proc/net/netstat")));
  EXPECT_EQ(parse_counter_text(all), apart);
}

TEST(CounterText, PassesOverWhatIsNoCounter) {
  const Counters counters = parse_counter_text("==> /proc/net/snmp <==\nIp: Forwarding FragFails\nIp: 1 18\nhello\n");
  EXPECT_EQ(counters, (Counters{{"Ip.Forwarding", 1}, {"Ip.FragFails", 18}}));
}

TEST(CounterText, WithoutACounterIsRefused) {
  EXPECT_THROW(parse_counter_text(""), Error);
  EXPECT_THROW(parse_counter_text("tcpdump: listening on eth0\nIp: Forwarding\nTcp: 1\n"), Error);
}

TEST(PairedCounters, StopWhereLinesDoNotPair) {
  const std::string text = recorded("router", "/proc/net/snmp");
  const Counters broken = parse_paired_counters(replaced(text, "\nTcp: 1 ", "\nTpc: 1 "));
  EXPECT_EQ(broken.count("Ip.FragFails"), 1U);
  EXPECT_EQ(broken.count("Tcp.OutSegs"), 0U);
  EXPECT_TRUE(parse_paired_counters("").empty());
  EXPECT_TRUE(parse_paired_counters("cat: can't open '/proc/net/snmp'\n").empty());
  EXPECT_TRUE(parse_paired_counters("Ip Forwarding\nIp 1\n").empty());
}

TEST(PairedCounters, LeaveOutACounterWithoutAValue) {
  EXPECT_EQ(parse_paired_counters("Ip: Forwarding DefaultTTL\nIp: 1\n"), (Counters{{"Ip.Forwarding", 1}}));
}

TEST(PairedCounters, LeaveOutANumberThatIsTooLarge) {
  const std::string text = replaced(recorded("router", "/proc/net/snmp"), "Ip: 1 64", "Ip: 1 98765432109876543210");
  Counters counters;
  ASSERT_NO_THROW(counters = parse_paired_counters(text));
  EXPECT_EQ(counters.count("Ip.DefaultTTL"), 0U);
  EXPECT_EQ(counters.at("Ip.FragFails"), 18U);
}

TEST(Snmp6, ReadsARealFile) {
  const Counters counters = parse_snmp6(recorded("router", "/proc/net/snmp6", false));
  EXPECT_EQ(counters.at("Ip6InReceives"), 481U);
  EXPECT_EQ(counters.at("Ip6InTooBigErrors"), 0U);
  EXPECT_EQ(counters.at("Icmp6OutMsgs"), 17U);
}

TEST(Snmp6, StopsAtWhatIsNoCounter) {
  EXPECT_EQ(parse_snmp6("Ip6InReceives 5\nIp6FragOKs none\nIp6FragCreates 7\n"), (Counters{{"Ip6InReceives", 5}}));
  EXPECT_TRUE(parse_snmp6("").empty());
}

TEST(Growth, IsTheDifference) {
  EXPECT_EQ(growth({{"Tcp.OutSegs", 100}}, {{"Tcp.OutSegs", 293}}, "Tcp.OutSegs"), 193U);
  EXPECT_EQ(growth({{"Tcp.OutSegs", 100}}, {{"Tcp.OutSegs", 100}}, "Tcp.OutSegs"), 0U);
}

TEST(Growth, IsAbsentWhenTheCounterIsMissingInEither) {
  EXPECT_EQ(growth({}, {{"Tcp.OutSegs", 1}}, "Tcp.OutSegs"), std::nullopt);
  EXPECT_EQ(growth({{"Tcp.OutSegs", 1}}, {}, "Tcp.OutSegs"), std::nullopt);
  EXPECT_EQ(growth({}, {}, "Tcp.OutSegs"), std::nullopt);
}

TEST(Growth, IsAbsentWhenTheCounterWentBackwards) {
  EXPECT_EQ(growth({{"Tcp.OutSegs", 4'294'967'290}}, {{"Tcp.OutSegs", 12}}, "Tcp.OutSegs"), std::nullopt);
}

TEST(Growth, CountsAMessageTypeFromZeroBeforeItsFirstMessage) {
  const Counters before = {{"Icmp.InMsgs", 0}};
  const Counters after = {{"Icmp.InMsgs", 18}, {"IcmpMsg.InType3", 18}};
  EXPECT_EQ(growth(before, after, "IcmpMsg.InType3"), 18U);
  EXPECT_EQ(growth(before, before, "IcmpMsg.InType3"), 0U);
  EXPECT_EQ(growth(after, after, "IcmpMsg.InType3"), 0U);
}

TEST(Growth, DoesNotTakeAnUnreadFileForZeroMessages) {
  const Counters after = {{"Icmp.InMsgs", 18}, {"IcmpMsg.InType3", 18}};
  EXPECT_EQ(growth({}, after, "IcmpMsg.InType3"), std::nullopt);
  EXPECT_EQ(growth(after, {}, "IcmpMsg.InType3"), std::nullopt);
  EXPECT_EQ(growth(after, {{"Icmp.InMsgs", 18}}, "IcmpMsg.InType3"), std::nullopt);  // it was 18, and is gone
}

}  // namespace
}  // namespace offlab
