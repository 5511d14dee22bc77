// Flows that begin and end in containers: their programs, their addresses, and the routes to them.
#include <algorithm>

#include <gtest/gtest.h>

#include "config/parse_scenario.h"
#include "model/path.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
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

Scenario scenario_of(const std::string& text) {
  ParsedScenario parsed = parse_scenario(text, "f.toml");
  if (!parsed.scenario) throw std::logic_error(lines_of(parsed.diagnostics).front());
  return std::move(*parsed.scenario);
}

RunPlan plan_of(const Scenario& scenario) {
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

std::string commands_of(const LabPlan& lab, const std::string& node, const std::string& purpose) {
  std::string text;
  for (const Step& step : lab.configuration)
    if (const auto* run = std::get_if<step::RunCommands>(&step); run->node == node && run->purpose == purpose)
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

std::vector<std::string> mistakes_in(const std::string& text) {
  return lines_of(parse_scenario(text, "f.toml").diagnostics);
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
}

}  // namespace
}  // namespace offlab
