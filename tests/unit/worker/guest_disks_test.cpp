// What guests with a disk of their own are given: a seed for cloud-init, an address by DHCP.
#include "worker/guest_disks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/management.h"
#include "worker/dhcp_server.h"

namespace offlab {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

NodePlan node_with(AddressFrom from, const std::string& address = {}, int length = 0) {
  NodePlan node;
  node.name = "router";
  node.management_mac = "52:54:00:4d:00:01";
  node.disk.emplace();
  node.disk->management.from = from;
  if (!address.empty()) node.disk->management.address = parse_address(address);
  node.disk->management.length = length;
  return node;
}

LabPlan lab_with(NodePlan node) {
  LabPlan lab;
  lab.nodes = {NodePlan(), std::move(node)};
  return lab;
}

TEST(Seed, GivesTheUserAKeyAndTheManagementNicAnAddressOnly) {
  NodePlan node = node_with(AddressFrom::dhcp);
  node.disk->login.user = "debian";
  const auto files =
      seed_files(node, "ssh-ed25519 USER", "-----BEGIN-----\nSECRET\n-----END-----\n", "ssh-ed25519 HOST");
  EXPECT_EQ(files.at("meta-data"), "instance-id: offlab-router\nlocal-hostname: router\n");
  EXPECT_EQ(files.at("user-data"),
            "#cloud-config\n"
            "disable_root: false\n"
            "users:\n"
            "  - name: debian\n"
            "    sudo: 'ALL=(ALL) NOPASSWD:ALL'\n"
            "    shell: /bin/sh\n"
            "    ssh_authorized_keys:\n"
            "      - ssh-ed25519 USER\n"
            "ssh_keys:\n"
            "  ed25519_private: |\n"
            "    -----BEGIN-----\n"
            "    SECRET\n"
            "    -----END-----\n"
            "  ed25519_public: ssh-ed25519 HOST\n");
  EXPECT_EQ(
      files.at("network-config"),
      "version: 2\nethernets:\n  management:\n    match:\n      macaddress: '52:54:00:4d:00:01'\n    dhcp4: true\n");
}

TEST(Seed, RootNeedsNoSudo) {
  const auto files = seed_files(node_with(AddressFrom::dhcp), "K", "P", "H");
  EXPECT_THAT(files.at("user-data"), Not(HasSubstr("sudo")));
}

TEST(Management, AGuestThatIsReachedByItsLinkLocalAddressHasNoOther) {
  const LabPlan lab = lab_with(node_with(AddressFrom::link_local));
  EXPECT_FALSE(management_addresses(lab, lab.nodes[0]).has_value());
  EXPECT_FALSE(management_addresses(lab, lab.nodes[1]).has_value());
}

TEST(Management, DhcpGivesEachGuestItsOwnAddress) {
  const LabPlan lab = lab_with(node_with(AddressFrom::dhcp));
  const auto addresses = management_addresses(lab, lab.nodes[1]);
  ASSERT_TRUE(addresses.has_value());
  EXPECT_EQ(to_string(addresses->guest), "192.0.2.11");
  EXPECT_EQ(to_string(addresses->host), "192.0.2.1");
  const std::vector<std::string> words = dhcp_arguments(lab);
  EXPECT_THAT(words, Contains("--dhcp-host=52:54:00:4d:00:01,192.0.2.11,infinite"));
  EXPECT_THAT(words, Contains("--dhcp-range=192.0.2.0,static,infinite"));
}

TEST(Management, BesideAFixedAddressTheLabTakesTheNextOne) {
  for (const auto& [guest, host] :
       {std::pair("10.1.2.1", "10.1.2.2"), {"10.1.2.2", "10.1.2.1"}, {"10.1.2.9", "10.1.2.1"}}) {
    const LabPlan lab = lab_with(node_with(AddressFrom::fixed, guest, 24));
    const auto addresses = management_addresses(lab, lab.nodes[1]);
    ASSERT_TRUE(addresses.has_value());
    EXPECT_EQ(to_string(addresses->guest), guest);
    EXPECT_EQ(to_string(addresses->host), host);
    EXPECT_EQ(addresses->length, 24);
  }
}

}  // namespace
}  // namespace offlab
