// Error counters of a NIC that grew while the leg ran.
#include "measure/nic_errors.h"

#include <gtest/gtest.h>

#include "measure/sections.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

std::string printed(const std::string& node, const std::string& network) {
  return parse_sections(recorded_leg("hypervisor-lro").seen.before.nodes.at(node)).at("ethtool -S " + network);
}

TEST(NicErrors, AreThoseThatGrew) {
  const std::string before = printed("router", "wan");  // vmxnet3
  const std::string after = replaced(replaced(before, "fcs: 0", "fcs: 3"), "pkts rx err: 0", "pkts rx err: 20");
  EXPECT_EQ(grown_nic_errors(before, after), (Lines{"pkts rx err +20", "fcs +3"}));
  EXPECT_EQ(grown_nic_errors(after, replaced(after, "fcs: 3", "fcs: 5")), Lines{"fcs +2"});
  EXPECT_EQ(grown_nic_errors(before, replaced(before, "pkts rx OOB: 0", "pkts rx OOB: 7143")),
            Lines{"pkts rx OOB +7143"});
}

TEST(NicErrors, AreNotTraffic) {
  const std::string before = printed("client", "lan");  // virtio
  EXPECT_EQ(grown_nic_errors(before, replaced(before, "rx_queue_0_packets: 19785", "rx_queue_0_packets: 20000")),
            Lines{});
  EXPECT_EQ(grown_nic_errors(before, replaced(before, "rx_queue_0_drops: 0", "rx_queue_0_drops: 7")),
            Lines{"rx_queue_0_drops +7"});
}

// rtl8139 with Linux's 8139cp: what it misses, because its ring is full, is an error as well.
TEST(NicErrors, OfRtl8139AreItsFullRing) {
  const std::string after = R"(NIC statistics:
     tx_ok: 2137
     rx_ok: 24899
     tx_err: 0
     rx_err: 231
     rx_fifo: 231
     frame_align: 0
     tx_ok_1col: 0
     tx_ok_mcol: 0
     rx_ok_phys: 0
     rx_ok_bcast: 0
     rx_ok_mcast: 0
     tx_abort: 0
     tx_underrun: 0
     rx_frags: 0
)";
  const std::string before = replaced(replaced(after, "rx_err: 231", "rx_err: 29"), "rx_fifo: 231", "rx_fifo: 29");
  EXPECT_EQ(grown_ring_drops(before, after), 202U);
  EXPECT_EQ(grown_nic_errors(before, after), (Lines{"rx_err +202", "rx_fifo +202"}));
}

TEST(NicErrors, AreToldApartByTheirPlace) {
  const std::string before = printed("router", "wan");  // "giant hdr" is there twice
  std::string after = before;
  after.replace(after.rfind("hdr err: 0"), 10, "hdr err: 1");
  EXPECT_EQ(grown_nic_errors(before, after), Lines{"hdr err +1"});
}

TEST(NicErrors, AreNoneWhenNothingGrewOrNothingWasRead) {
  const std::string text = printed("router", "wan");
  EXPECT_EQ(grown_nic_errors(text, text), Lines{});
  EXPECT_EQ(grown_nic_errors(replaced(text, "fcs: 0", "fcs: 3"), text), Lines{});  // went backwards
  EXPECT_EQ(grown_nic_errors("", text), Lines{});
  EXPECT_EQ(grown_nic_errors(text, ""), Lines{});
  EXPECT_EQ(grown_nic_errors("no stats available\n", "no stats available\n"), Lines{});
}

TEST(NicErrors, SurviveNumbersThatAreTooLarge) {
  const std::string before = printed("router", "wan");
  const std::string after = replaced(before, "fcs: 0", "fcs: 99999999999999999999999");
  EXPECT_NO_THROW(grown_nic_errors(before, after));
}

TEST(NicErrors, OfTheRouterAreInTheLegsMeasurements) {
  RecordedLeg leg = recorded_leg("hypervisor-lro");
  EXPECT_EQ(leg.measure().nic_errors, Lines{});
  auto& router = leg.seen.after.nodes.at("router");
  const auto wan = router.find("==> ethtool -S wan");
  router = router.substr(0, wan) + replaced(router.substr(wan), "fcs: 0", "fcs: 3");
  EXPECT_EQ(leg.measure().nic_errors, Lines{"router wan: fcs +3"});
}

}  // namespace
}  // namespace offlab
