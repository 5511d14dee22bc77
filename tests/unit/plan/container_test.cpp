// Flows that begin and end in containers: their programs, their addresses, and the routes to them.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/shell_words.h"
#include "lab/end_shell.h"
#include "lab/snapshot_script.h"
#include "model/path.h"
#include "plan/expand_matrix.h"
#include "plan/live_steps.h"
#include "plan/make_plan.h"
#include "setting/setting.h"
#include "unit/config/good_file.h"

namespace offlab {
namespace {

std::string file(const std::string& of_server) {
  return R"(name = "containers"
[[network]]
name = "wan"
ipv4 = "198.18.2.0/24"
ipv6 = "2001:2:0:2::/64"
[[network]]
name = "lan"
ipv4 = "198.18.1.0/24"
ipv6 = "2001:2:0:1::/64"
[[node]]
name = "router"
role = "router"
interfaces = [ { network = "lan" }, { network = "wan" } ]
[[node]]
name = "client"
interfaces = [ { network = "lan" } ]
container = {}
[[node]]
name = "server"
interfaces = [ { network = "wan" } ]
)" + of_server +
         R"(
[[flow]]
name = "download"
from = "server"
to = "client"
df = false
[[case]]
name = "one"
)";
}

const std::string routed = "container = { nat = false, ipv4 = \"198.18.9.0/24\" }";

RunPlan plan_of(const Scenario& scenario) {
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

std::string commands_of(const LabPlan& lab, const std::string& node, const std::string& purpose) {
  std::string text;
  for (const Step& step : lab.configuration)
    if (const auto* run = std::get_if<step::RunCommands>(&step);
        run != nullptr && run->node == node && run->purpose == purpose)
      for (const std::string& command : run->commands) text += command + "\n";
  return text;
}

bool has(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

TEST(Container, BehindNatIsSeenByItsNodesAddress) {
  const RunPlan plan = plan_of(scenario_of(file(routed)));
  const LegIntent& intent = plan.labs.at(0).cases.at(0).legs.at(0).intent;
  EXPECT_EQ(to_string(intent.destination), "198.18.1.2");
  EXPECT_EQ(to_string(intent.source), "198.18.9.2");
}

TEST(Container, GetsAFreePrefixOfEachFamilyOfItsNode) {
  const Scenario scenario = scenario_of(file(routed));
  const Container& container = *find_node(scenario.topology, "client")->container;
  EXPECT_EQ(to_string(*container.ipv4), "198.19.255.252/30");
  EXPECT_EQ(to_string(*container.ipv6), "2001:2:0:ffff::/64");
  EXPECT_EQ(to_string(*address_of(container, Family::ipv4)), "198.19.255.254");
}

TEST(Container, ThatIsRoutedHasARouteInTheOtherNodes) {
  const Scenario scenario = scenario_of(file(routed));
  const auto gateway_to = [&](const char* node) -> std::string {
    for (const Route& route : routes_of(scenario.topology, *find_node(scenario.topology, node)))
      if (to_string(route.destination) == "198.18.9.0/24") return to_string(route.gateway);
    return "none";
  };
  EXPECT_EQ(gateway_to("router"), "198.18.2.2");
  EXPECT_EQ(gateway_to("client"), "198.18.1.1");
  EXPECT_EQ(gateway_to("server"), "none");
  for (const Route& route : routes_of(scenario.topology, *find_node(scenario.topology, "server")))
    EXPECT_NE(to_string(route.destination), "198.19.255.252/30") << "masqueraded: nobody sends there";
}

TEST(Container, HasTheTrafficSourceAndIsReachedByNatOrRoutes) {
  const RunPlan plan = plan_of(scenario_of(file(routed)));
  const LabPlan& lab = plan.labs.at(0);
  EXPECT_TRUE(has(commands_of(lab, "server", "traffic source"), "ip netns exec container sh -c 'iperf3 --server"));
  const std::string of_client = commands_of(lab, "client", "interfaces, addresses, routes");
  EXPECT_TRUE(has(of_client, "ip saddr 198.19.255.252/30 oifname != { \"mgmt\", \"container\" } masquerade"));
  EXPECT_TRUE(has(of_client, "dnat to 198.19.255.254"));
  EXPECT_TRUE(has(of_client, "ip6 saddr 2001:2:0:ffff::/64"));
  const std::string of_server = commands_of(lab, "server", "interfaces, addresses, routes");
  EXPECT_TRUE(has(of_server, "address add 198.18.9.1/24 dev container"));
  EXPECT_FALSE(has(of_server, "masquerade"));
}

TEST(Container, HasTheSettingsOfItsFlows) {
  const RunPlan plan = plan_of(scenario_of(file(routed)));
  const LabPlan& lab = plan.labs.at(0);
  EXPECT_EQ(lab.nodes.at(2).netns, "container");
  EXPECT_EQ(lab.nodes.at(0).netns, "");
  const auto& apply = std::get<step::ApplySettings>(lab.cases.at(0).legs.at(0).steps.at(0));
  const auto of_server =
      std::find_if(apply.nodes.begin(), apply.nodes.end(), [](const auto& one) { return one.node == "server"; });
  ASSERT_NE(of_server, apply.nodes.end());
  const auto& commands = of_server->commands;
  EXPECT_TRUE(std::any_of(commands.begin(), commands.end(), [](const std::string& one) {
    return has(one, "ip netns exec container sh -c ") && has(one, "ip_no_pmtu_disc");
  }));
}

TEST(Container, DfIsSwitchedInIt) {
  std::string text = file(routed);
  text = text.replace(text.find("df = false\n"), 11, "") + "set = { \"download.df\" = false }\n";
  const RunPlan plan = plan_of(scenario_of(text));
  std::string commands;
  for (const Step& step : plan.labs.at(0).cases.at(0).legs.at(1).steps)
    if (const auto* apply = std::get_if<step::ApplySettings>(&step))
      for (const step::NodeSettings& node : apply->nodes)
        for (const std::string& command : node.commands) commands += node.node + ": " + command + "\n";
  EXPECT_TRUE(has(commands, "server: ip netns exec container sh -c 'read d < /proc/sys/net/ipv4/ip_no_pmtu_disc"));
}

TEST(Container, FollowsTheMtuOfItsNode) {
  const Scenario scenario = scenario_of(file(routed));
  Case narrow{"narrow", {}, scenario.topology, FaultClass::healthy};
  ASSERT_FALSE(apply_setting(narrow.topology, {"client.mtu", "1400"}));
  const LabPlan lab = plan_of(scenario).labs.at(0);
  const auto there = std::get<step::ApplySettings>(live_steps(scenario.topology, narrow.topology, lab).at(0));
  EXPECT_TRUE(
      has(describe(Step{there}), "ip link set dev container mtu 1400; ip -n container link set dev eth0 mtu 1400"));
  const auto back = steps_back(scenario.topology, {narrow});
  ASSERT_EQ(back.size(), 1U);
  EXPECT_TRUE(has(describe(back[0]), "ip link set dev container mtu 1500"));
}

TEST(Container, ItsCountersAreItsNetworkNamespaces) {
  const RunPlan plan = plan_of(scenario_of(file(routed)));
  const LabPlan& lab = plan.labs.at(0);
  EXPECT_TRUE(has(snapshot_script(lab.nodes.at(2), "before", "mark"), "exec offlab-state -n container wan"));
  EXPECT_FALSE(has(snapshot_script(lab.nodes.at(0), "before", "mark"), "-n container"));
}

TEST(Container, WithoutTheRoutersItIsReachedThroughItsNode) {
  Scenario scenario = scenario_of(file(routed));
  scenario.measure.reference = true;
  const RunPlan plan = plan_of(scenario);
  const LegPlan& leg = plan.labs.at(0).cases.at(0).legs.at(0);
  ASSERT_EQ(leg.role, LegRole::reference);
  const auto join = std::find_if(leg.steps.begin(), leg.steps.end(),
                                 [](const Step& step) { return std::holds_alternative<step::JoinEnds>(step); });
  const std::string text = describe(*join);
  EXPECT_TRUE(has(text, "ip -4 route add 198.18.9.2/32 dev lan src 198.18.1.2 table"));
  EXPECT_TRUE(has(text, "ip -4 route add 198.18.1.2/32 dev wan table")) << "its address is not the node's";
}

TEST(Container, OfSeveralWaysItsFlowTakesTheOneOfItsPrefix) {
  const std::string text = R"(name = "two-ways"
[[network]]
name = "wan"
ipv4 = "198.18.2.0/24"
[[network]]
name = "lan"
ipv4 = "198.18.1.0/24"
[[node]]
name = "up"
role = "router"
interfaces = [ { network = "lan", ipv4 = "198.18.1.1" }, { network = "wan", ipv4 = "198.18.2.1" } ]
[[node]]
name = "down"
role = "router"
interfaces = [ { network = "lan", ipv4 = "198.18.1.2" }, { network = "wan", ipv4 = "198.18.2.2" } ]
[[node]]
name = "client"
interfaces = [ { network = "lan" } ]
container = { nat = false, ipv4 = "198.18.9.0/24" }
[[node]]
name = "server"
interfaces = [ { network = "wan" } ]
routes = [ { to = "198.18.9.0/24", via = "198.18.2.2" } ]
[[flow]]
name = "download"
from = "server"
to = "client"
)";
  const Topology topology = scenario_of(text).topology;
  const auto path = flow_path(topology, topology.flows.front());
  ASSERT_TRUE(path);
  ASSERT_EQ(path->size(), 1U);
  EXPECT_EQ(path->front().router, "down");
}

// A shell that keeps what it was asked for.
class AskedShell : public NodeShell {
 public:
  std::string asked;
  void await(const std::string& node, const Deadline&, const std::stop_token&) override { asked = "await " + node; }
  void connect(const std::string& node, const Deadline&, const std::stop_token&) override { asked = "connect " + node; }
  CommandEnd stream(const std::string& node, const std::string& command, const OutputSink&, const Deadline&,
                    const std::stop_token&, const std::stop_token&) override {
    asked = node + ": " + command;
    return {0, ""};
  }
};

TEST(EndShell, RunsCommandsWhereFlowsBeginAndEnd) {
  const RunPlan plan = plan_of(scenario_of(file(routed)));
  AskedShell nodes;
  SteadyClock clock;
  EndShell ends(nodes, plan.labs.at(0));
  const Deadline deadline("it", std::chrono::seconds(1), clock);
  ends.run("server", "ping 'x'", deadline, {});
  EXPECT_EQ(nodes.asked, "server: ip netns exec container sh -c " + shell_quoted("ping 'x'"));
  ends.run("router", "ping", deadline, {});
  EXPECT_EQ(nodes.asked, "router: ping");
  ends.await("server", deadline, {});
  EXPECT_EQ(nodes.asked, "await server");
  ends.connect("server", deadline, {});
  EXPECT_EQ(nodes.asked, "connect server");
}

TEST(Container, MistakesAreNamed) {
  const auto of_router = [](std::string text) {
    return text.replace(text.find("role = \"router\""), 15, "role = \"router\"\ncontainer = {}");
  };
  EXPECT_TRUE(has(mistakes_in(of_router(file(""))).at(0), "a device under test has no container"));
  EXPECT_TRUE(has(mistakes_in(file("container = { ipv4 = \"198.18.1.0/25\" }")).at(0), "overlaps another prefix"));
  EXPECT_TRUE(has(mistakes_in(file("container = { ipv4 = \"10.0.0.0/24\" }")).at(0), "not reserved for benchmarking"));
  EXPECT_TRUE(has(mistakes_in(file("container = { address = \"198.18.9.2\" }")).at(0), "address"));
  EXPECT_TRUE(has(mistakes_in(file("container = {}\naddresses = 10")).at(0), "a node that stands for many"));
  EXPECT_TRUE(
      has(mistakes_in(file("container = {}") + "[[network]]\nname = \"container\"\nipv4 = \"198.18.4.0/24\"\n").at(0),
          "'container' is reserved"));
  std::string full = file("container = {}");
  full.replace(full.find("198.18.2.0/24"), 13, "198.18.0.0/16")
      .replace(full.find("198.18.1.0/24"), 13, "198.19.0.0/16");
  EXPECT_TRUE(has(mistakes_in(full).at(0), "no ipv4 prefix is left for the container"));
}

TEST(Container, ItsMtuIsThatOfItsNodesNarrowestNic) {
  std::string text = file("container = {}");
  text.replace(text.find("df = false"), 10, "family = \"ipv6\"");
  const std::string second = "[[network]]\nname = \"side\"\nipv4 = \"198.18.5.0/24\"\nmtu = 1000\n";
  text.replace(text.find("[[node]]"), 0, second);
  text.replace(text.find("{ network = \"lan\" } ]\ncontainer"), 19, "{ network = \"lan\" }, { network = \"side\" }");
  EXPECT_TRUE(has(mistakes_in(text).at(0), "the container of 'client' has the MTU of its narrowest NIC, 1000"));
}

}  // namespace
}  // namespace offlab
