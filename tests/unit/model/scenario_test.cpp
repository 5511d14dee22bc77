// The control: the same topology with every merging layer off.
#include "model/scenario.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

Topology merging() {
  Topology made;
  made.networks = {{"wan", {}, {}, Mtu{9000}, HypervisorLro::passthrough},
                   {"lan", {}, {}, Mtu{1400}, HypervisorLro::passthrough}};
  Node router;
  router.name = "router";
  router.role = NodeRole::router;
  router.interfaces.resize(2);
  router.interfaces[0].network = "wan";
  router.interfaces[0].model = NicModel::vmxnet3;
  router.interfaces[0].features = {{"large-receive-offload", true}, {"generic-receive-offload", true}};
  router.interfaces[1].network = "lan";
  router.interfaces[1].mtu = Mtu{1300};
  router.interfaces[1].features = {{"rx-gro-hw", true}};
  Node client;
  client.name = "client";
  client.interfaces.resize(1);
  client.interfaces[0].network = "lan";
  client.interfaces[0].features = {{"large-receive-offload", true}, {"rx-gro-hw", true}};
  made.nodes = {router, client};
  return made;
}

TEST(ControlTopology, SwitchesTheRoutersMergingOffAndNothingElse) {
  Topology expected = merging();
  for (Network& network : expected.networks) network.hypervisor_lro = HypervisorLro::off;
  expected.nodes[0].interfaces[0].features["large-receive-offload"] = false;
  expected.nodes[0].interfaces[1].features = {{"large-receive-offload", false}, {"rx-gro-hw", false}};
  EXPECT_EQ(control_topology(merging()), expected);
}

TEST(ControlTopology, AsksForHardwareGroOnlyWhereTheCaseDoes) {
  const Topology control = control_topology(merging());
  EXPECT_EQ(control.nodes[0].interfaces[0].features.count("rx-gro-hw"), 0U);
}

TEST(ControlTopology, IsItsOwnControl) {
  const Topology control = control_topology(merging());
  EXPECT_EQ(control_topology(control), control);
}

}  // namespace
}  // namespace offlab
