// Routers with a tunnel between them that nobody can look into are one device under test.
#include "measure/hidden_tunnel.h"

#include <gtest/gtest.h>

#include "capture/frame_edit.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

LegIntent three_routers() {
  LegIntent intent = recorded_leg("control-lro-on").intent;
  intent.hops.resize(1);
  intent.hops.push_back(intent.hops.front());
  intent.hops.push_back(intent.hops.front());
  for (std::size_t i = 0; i < 3; ++i) {
    HopIntent& hop = intent.hops[i];
    hop.hop = {std::string("r") + std::to_string(i + 1), "net" + std::to_string(i), "net" + std::to_string(i + 1)};
    hop.egress = CapturePoint{hop.hop.router + "-out", hop.hop.router, CaptureSide::host};
    hop.egress_mtu = Mtu{1400 + static_cast<std::uint32_t>(i)};
  }
  return intent;
}

TEST(HiddenTunnel, JoinsItsTwoEnds) {
  const LegIntent joined = joined_at_tunnels(three_routers(), {"WireGuard", std::nullopt, std::nullopt});
  ASSERT_EQ(joined.hops.size(), 2U);
  EXPECT_EQ(device_name(joined.hops[0]), "r1 to r2 (WireGuard)");
  EXPECT_EQ(joined.hops[0].hop.ingress, "net0");
  EXPECT_EQ(joined.hops[0].egress->id, "r2-out");
  EXPECT_EQ(joined.hops[0].egress_mtu, Mtu{1401});
  EXPECT_EQ(egress_nic(joined.hops[0]), (NicRef{"r2", "net2"}));
  EXPECT_EQ(joined.hops[1], three_routers().hops[2]);
}

TEST(HiddenTunnel, ReachesOverARouterInTheMiddle) {
  const LegIntent joined = joined_at_tunnels(three_routers(), {"ESP (IPsec)", "ESP (IPsec)", std::nullopt});
  ASSERT_EQ(joined.hops.size(), 1U);
  EXPECT_EQ(device_name(joined.hops[0]), "r1 to r3 (ESP (IPsec))");
  EXPECT_EQ(routers_of(joined.hops[0]), (std::vector<std::string>{"r1", "r3"}));
}

TEST(HiddenTunnel, LeavesRoutersAloneBetweenWhichTheFlowIsSeen) {
  EXPECT_EQ(joined_at_tunnels(three_routers(), {}), three_routers());
  EXPECT_EQ(joined_at_tunnels(three_routers(), HiddenHops(3)), three_routers());
}

// What leaves the recorded router, as ESP packets and as it was.
TEST(HiddenTunnel, IsSeenByWhatIsThereInsteadOfTheFlow) {
  const RecordedLeg& leg = recorded_leg("control-lro-on");
  FrameList plain(leg.egress);
  EXPECT_EQ(hidden_by(plain, leg.intent), std::nullopt);
  std::vector<StoredFrame> frames = leg.egress;
  for (StoredFrame& frame : frames)
    if (is_tcp(frame)) frame.bytes.at(at_protocol) = 50;
  FrameList hidden(frames);
  EXPECT_EQ(hidden_by(hidden, leg.intent), "ESP (IPsec)");
  FrameList nothing(std::vector<StoredFrame>{});
  EXPECT_EQ(hidden_by(nothing, leg.intent), std::nullopt);
}

}  // namespace
}  // namespace offlab
