// Topology files of machines that exist.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_scenario.h"
#include "good_file.h"
#include "unit/existing_file.h"

namespace offlab {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string with(std::string_view piece, std::string_view replacement) {
  std::string text(existing_file);
  return text.replace(text.find(piece), piece.size(), replacement);
}

std::vector<std::string> mistakes_in(std::string_view text) {
  return lines_of(parse_scenario(text, "f.toml").diagnostics);
}

TEST(ExistingMachines, EveryKeyIsRead) {
  const ParsedScenario parsed = parse_scenario(existing_file, "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), std::vector<std::string>());
  ASSERT_TRUE(parsed.scenario);
  const Node& router = parsed.scenario->topology.nodes[0];
  ASSERT_TRUE(router.existing);
  EXPECT_EQ(router.existing->address, "router.example.net");
  EXPECT_EQ(router.existing->login.user, "admin");
  EXPECT_TRUE(router.existing->login.sudo);
  EXPECT_EQ(router.existing->jumps, std::vector<std::string>{"ann@bastion:2222"});
  EXPECT_EQ(router.interfaces[0].device, "ens192");
  EXPECT_EQ(router.interfaces[0].capture->interface, "vnet7");
  EXPECT_EQ(router.interfaces[0].capture->host.address, "kvm1");
  EXPECT_EQ(router.interfaces[1].device, "ens224.10");
  EXPECT_FALSE(router.interfaces[1].capture);
  EXPECT_TRUE(is_existing(parsed.scenario->topology));
  EXPECT_EQ(parsed.scenario->measure.max_rate.bits_per_second, 50e6);
  EXPECT_EQ(parsed.scenario->measure.max_bytes.bytes, 200'000'000U);
  EXPECT_EQ(parsed.scenario->measure.max_seconds, 10);
}

struct Mistake {
  std::string_view piece;
  std::string_view replacement;
  const char* told;
};

TEST(ExistingMachines, MistakesAreTold) {
  const Mistake all[] = {
      {"provider = \"existing\"\ninterfaces = [ { network = \"lan\"", "interfaces = [ { network = \"lan\"",
       "'machine' is of no use without 'provider'"},
      {"machine = { address = \"203.0.113.2\" }", "", "nothing says how the machine is reached"},
      {", ipv4 = \"203.0.113.2\"", "", "its IPv4 address on 'wan' must be stated"},
      {"device = \"ens192\", ", "", "needs the name that it has there (device)"},
      {"device = \"ens192\"", "device = \"a/b\"", "'a/b' is no name of an interface"},
      {"address = \"203.0.113.2\"", "address = \"-oProxyCommand=x\"", "is no name or address of a machine"},
      {"address = \"192.0.2.2\", ", "address = \"192.0.2.2\", key = \"k\", ", "only one of them is used"},
      {"become = \"sudo -n\"", "become = \"su\"", "is not a value of 'become'"},
      {"become = \"sudo -n\"", "system = \"plan9\"", "'plan9' is not a value of 'system'"},
      {"address = \"192.0.2.2\"", "system = \"freebsd\", address = \"192.0.2.2\"",
       "'client' runs FreeBSD: the ends of a flow run Linux"},
      {"role = \"client\"", "role = \"client\"\nmemory = 512", "does not give it processors or memory"},
      {"role = \"client\"", "role = \"client\"\nsetup = [\"true\"]", "does not give it commands"},
      {"ipv4 = \"192.0.2.0/24\"", "ipv4 = \"192.0.2.0/24\"\ndelay = \"1ms\"", "does not give it a rate"},
      {"ipv4 = \"192.0.2.0/24\"", "ipv4 = \"192.0.2.0/24\"\nhypervisor = { lro = \"passthrough\" }",
       "does not switch its hypervisor's LRO"},
      {"to = \"client\"", "to = \"client\"\ndf = false", "existing machines send with DF"},
      {"to = \"client\"", "to = \"client\"\nbackground = { sender = \"tcp\" }", "no background load"},
      {"max_rate = \"50mbit\"", "max_rate = \"fast\"", "'fast' is not a rate"},
      {"provider = \"existing\"\ninterfaces = [ { network = \"wan\", device = \"eth0\"",
       "interfaces = [ { network = \"wan\"", "'machine' is of no use"},
  };
  for (const Mistake& one : all)
    EXPECT_THAT(mistakes_in(with(one.piece, one.replacement)), Contains(HasSubstr(one.told))) << one.replacement;
}

TEST(ExistingMachines, ARouterMayRunFreebsd) {
  const ParsedScenario parsed = parse_scenario(with("become = \"sudo -n\"", "system = \"freebsd\""), "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), std::vector<std::string>());
  Topology topology = parsed.scenario->topology;
  EXPECT_EQ(topology.nodes[0].existing->system, SystemKind::freebsd);
  EXPECT_EQ(topology.nodes[1].existing->system, SystemKind::gnu_linux);
  topology.nodes[0].sysctls["net.inet.tcp.sack.enable"] = "0";
  EXPECT_EQ(trouble_with_existing(topology), "'router' runs FreeBSD: offlab does not switch its sysctls");
  topology.nodes[0].sysctls.clear();
  topology.nodes[0].role = NodeRole::bridge;
  EXPECT_THAT(trouble_with_existing(topology), HasSubstr("and not as a bridge"));
}

TEST(ExistingMachines, ALabsNodeHasNoNamesOfAMachine) {
  const std::string text = with("provider = \"existing\"\ninterfaces = [\n", "interfaces = [\n");
  EXPECT_THAT(mistakes_in(text), Contains(HasSubstr("'device' and 'capture' are for existing machines")));
}

}  // namespace
}  // namespace offlab
