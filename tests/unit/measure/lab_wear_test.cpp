// What a leg leaves in a lab that makes its next cases doubtful.
#include "measure/lab_wear.h"

#include <gtest/gtest.h>

#include "unit/recorded_run.h"

namespace offlab {
namespace {

std::string& text_of(Snapshot& snapshot, const std::string& node) {
  return snapshot.nodes.at(node);
}

void replace(std::string& text, const std::string& piece, const std::string& by) {
  const auto at = text.find(piece);
  ASSERT_NE(at, std::string::npos) << piece;
  text.replace(at, piece.size(), by);
}

TEST(LabWear, IsNoneInTheRecordedLegs) {
  for (const char* id : {"control-lro-on", "hypervisor-lro"}) {
    const RecordedLeg leg = recorded_leg(id);
    EXPECT_EQ(lab_wear(leg.intent, leg.seen), LabWear()) << id;
  }
}

TEST(LabWear, IsAComplaintOfAKernel) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  replace(text_of(leg.seen.after, "client"),
          "==> end <==", "==> kernel log <==\n[ 9.1] eth0: bad gso: type: 1\n==> end <==");
  EXPECT_EQ(lab_wear(leg.intent, leg.seen), (LabWear{"", "client: [ 9.1] eth0: bad gso: type: 1"}));
}

TEST(LabWear, IsASettingThatWasNotTaken) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  leg.intent.values = {{"server", {"sysctl net.ipv4.tcp_rmem", "/proc/sys/net/ipv4/tcp_rmem"}, "4096 87380"}};
  replace(text_of(leg.seen.before, "server"), "==> end <==", "==> sysctl net.ipv4.tcp_rmem <==\n4096 1\n==> end <==");
  EXPECT_EQ(lab_wear(leg.intent, leg.seen).before, "server: sysctl net.ipv4.tcp_rmem was to be 4096 87380, is 4096 1");
}

TEST(LabWear, IsNoInjectionThatWasHealed) {
  RecordedLeg leg = recorded_leg("hypervisor-lro");
  leg.seen.before.taps.at("router-wan").features.at("tx-tcp-segmentation") = false;
  EXPECT_EQ(lab_wear(leg.intent, leg.seen), LabWear());
}

TEST(LabWear, IsNotLookedForWhereGuestsShowNothing) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  leg.intent.observable.guest_counters = false;
  leg.seen.before = leg.seen.after = {};
  EXPECT_EQ(lab_wear(leg.intent, leg.seen), LabWear());
}

}  // namespace
}  // namespace offlab
