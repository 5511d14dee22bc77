#include <offlab/gtest.h>

using namespace offlab;

struct Router : LabSuiteWithAxes<Router> {
  static Topology topology() {
    Topology lab;
    lab.networks = {{"wan", "198.18.2.0/24"}, {"lan", "198.18.1.0/24"}};
    lab.nodes = {{"router", "router", {{"lan", NIC}, {"wan", NIC}}},
                 {"client", "client", {{"lan"}}},
                 {"server", "server", {{"wan"}}}};
    lab.flows = {{"download", "server", "client"}};
    return lab;
  }
};

TEST_P(Router, ForwardsCleanly) {
  EXPECT_THAT(run(GetParam()), ForwardsCleanly());
}

INSTANTIATE_TEST_SUITE_P(Lro, Router,
                         Combinations({{"router.lro", {"off"}}, {"hypervisor.lro", {"off", "passthrough"}}}),
                         SettingsName());
