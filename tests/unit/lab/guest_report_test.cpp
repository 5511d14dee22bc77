// What a guest with a system of its own says, compared with the topology file. The report is that of a Debian 12 with
// systemd-networkd (disks/build.sh debian-12-configured).
#include "lab/guest_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "folders.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

GuestReport deployed() {
  return parse_guest_report(read_whole_file(tests_folder() + "/data/guest-reports/deployed-router.txt"));
}

NodePlan router() {
  NodePlan node;
  node.name = "router";
  node.management_mac = "52:54:00:4d:00:01";
  node.nics.resize(2);
  node.nics[0].network = "wan";
  node.nics[0].mac = "52:54:01:00:01:00";
  node.nics[0].model = NicModel::vmxnet3;
  node.nics[1].network = "lan";
  node.nics[1].mac = "52:54:01:00:01:01";
  node.expected.nics = {{"ens4", "52:54:01:00:01:00", Mtu{1500}, {"203.0.113.1/24"}},
                        {"ens5", "52:54:01:00:01:01", Mtu{1400}, {"10.20.30.1/24"}}};
  node.expected.forwards_ipv4 = true;
  return node;
}

std::vector<std::string> words_of(const std::vector<Difference>& all) {
  std::vector<std::string> words;
  for (const Difference& one : all) words.push_back(one.what);
  return words;
}

TEST(GuestReport, AGuestThatIsAsTheFileSaysHasNoDifference) {
  EXPECT_EQ(deployed().system, "Linux 6.1.0-57-amd64, Debian GNU/Linux 12 (bookworm)");
  EXPECT_THAT(words_of(missing_in(deployed(), router())), IsEmpty());
  EXPECT_THAT(words_of(differences(deployed(), router())), IsEmpty());
}

TEST(GuestReport, AnotherAddressMtuOrForwardingIsNamed) {
  NodePlan node = router();
  node.expected.nics[0].addresses = {"203.0.113.9/24"};
  node.expected.nics[1].mtu = Mtu{1500};
  node.expected.forwards_ipv6 = true;
  EXPECT_THAT(words_of(differences(deployed(), node)),
              ElementsAre("ens4 of 'router' has no address 203.0.113.9/24; it has 203.0.113.1/24, "
                          "fe80::5054:1ff:fe00:100/64",
                          "ens5 of 'router' has an MTU of 1400; the topology file says 1500",
                          "'router' does not forward IPv6 packets (net.ipv6.conf.all.forwarding is 0)"));
}

TEST(GuestReport, AnotherNameIsToldByTheMacAddress) {
  NodePlan node = router();
  node.expected.nics[0].device = "ens18";
  const std::vector<Difference> all = differences(deployed(), node);
  EXPECT_THAT(words_of(all), ElementsAre("'router' calls its interface on 'wan' ens4, and not ens18"));
  EXPECT_EQ(all.at(0).remedy, "in the recipe: [interfaces] wan = \"ens4\"");
}

TEST(GuestReport, InterfacesThatAreExchangedAreBothNamed) {
  NodePlan node = router();
  std::swap(node.expected.nics[0].device, node.expected.nics[1].device);
  EXPECT_THAT(words_of(differences(deployed(), node)),
              ElementsAre("'router' calls its interface on 'wan' ens4, and not ens5",
                          "'router' calls its interface on 'lan' ens5, and not ens4"));
}

TEST(GuestReport, ANicWithoutADriverIsNoInterface) {
  NodePlan node = router();
  node.nics[1].mac = "52:54:01:00:01:02";
  const std::vector<Difference> all = missing_in(deployed(), node);
  EXPECT_THAT(words_of(all), ElementsAre("'router' has no interface with the MAC address 52:54:01:00:01:02: its NIC on "
                                         "'lan', model virtio"));
  EXPECT_EQ(all.at(0).remedy, "does its kernel have the driver, virtio_net?");
}

TEST(GuestReport, AMissingProgramIsNamed) {
  GuestReport report = deployed();
  report.missing = {"ethtool"};
  EXPECT_THAT(words_of(missing_in(report, router())), ElementsAre("'router' has no program 'ethtool'"));
}

TEST(GuestReport, AnInterfaceThatIsDownIsADifference) {
  GuestReport report = deployed();
  report.nics.at("ens4").up = false;
  EXPECT_THAT(words_of(differences(report, router())), ElementsAre("ens4 of 'router' is down"));
}

}  // namespace
}  // namespace offlab
