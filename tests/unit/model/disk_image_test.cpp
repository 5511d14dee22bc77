// Disks that guests boot, and the NICs that their systems know.
#include "model/disk_image.h"

#include <gtest/gtest.h>

#include "model/topology.h"

namespace offlab {
namespace {

Node router() {
  Node node;
  node.name = "router";
  node.role = NodeRole::router;
  node.interfaces.resize(2);
  node.interfaces[0].network = "wan";
  node.interfaces[1].network = "lan";
  return node;
}

DiskImage disk_with(std::vector<GuestNic> nics, Configured configure = Configured::all) {
  DiskImage disk;
  disk.nics = std::move(nics);
  disk.configure = configure;
  return disk;
}

TEST(DiskImage, ASlotIsInTheNamesThatSystemdGives) {
  EXPECT_EQ(pci_slot_of("ens18"), 18U);
  EXPECT_EQ(pci_slot_of("enp0s3"), 3U);
  for (const char* other : {"eth0", "ens", "ens1", "ens28", "ens3f1", "enp1s0", "wan", ""})
    EXPECT_EQ(pci_slot_of(other), std::nullopt) << other;
  for (const char* other : {"ens192", "ens1", "enp0s28"}) EXPECT_TRUE(names_other_slot(other)) << other;
  for (const char* other : {"ens18", "eth0", "ens3f1", "wan"}) EXPECT_FALSE(names_other_slot(other)) << other;
}

TEST(DiskImage, AMacAddressIsReadInAnyCase) {
  EXPECT_EQ(parse_mac("52:54:00:AB:cd:01"), "52:54:00:ab:cd:01");
  for (const char* other : {"", "52:54:00:ab:cd", "52-54-00-ab-cd-01", "52:54:00:ab:cd:0g", "52:54:00:ab:cd:011"})
    EXPECT_EQ(parse_mac(other), std::nullopt) << other;
}

TEST(DiskImage, ANodeHasAtLeastTheMemoryThatTheRecipeAsksFor) {
  Node node = router();
  EXPECT_EQ(use_disk(node, DiskImage()), "");
  EXPECT_EQ(node.memory_mib, 512U);
  node.memory_mib = 2048;
  EXPECT_EQ(use_disk(node, DiskImage()), "");
  EXPECT_EQ(node.memory_mib, 2048U);
}

TEST(DiskImage, AGuestThatIsConfiguredGetsOurNamesAndOneThatIsNotKeepsItsOwn) {
  const std::vector<GuestNic> nics = {{"wan", "52:54:00:12:34:56", "ens4"}, {"lan", "", "ens5"}};
  Node configured = router();
  EXPECT_EQ(use_disk(configured, disk_with(nics)), "");
  EXPECT_EQ(device_of(configured.interfaces[0]), "wan");
  EXPECT_EQ(configured.interfaces[0].mac, "52:54:00:12:34:56");
  EXPECT_TRUE(is_configured(configured));
  Node own = router();
  EXPECT_EQ(use_disk(own, disk_with(nics, Configured::nothing)), "");
  EXPECT_EQ(device_of(own.interfaces[0]), "ens4");
  EXPECT_EQ(device_of(own.interfaces[1]), "ens5");
  EXPECT_FALSE(is_configured(own));
}

TEST(DiskImage, AGuestThatKeepsItsConfigurationMustSayWhatItCallsItsInterfaces) {
  Node node = router();
  EXPECT_EQ(use_disk(node, disk_with({{"wan", "", "ens4"}}, Configured::forwarding)),
            "it keeps its configuration (configure = \"forwarding\"), and nothing says what it calls its interface on "
            "'lan': [interfaces] lan = \"NAME\"");
}

TEST(DiskImage, AnInterfaceOnNoNetworkOfTheNodeIsRefused) {
  Node node = router();
  EXPECT_EQ(use_disk(node, disk_with({{"dmz", "", "ens4"}})),
            "its [interfaces] have 'dmz', but 'router' is on no network of that name");
}

TEST(DiskImage, AnEndOfAFlowBootsAnImageOfOfflab) {
  Node node = router();
  node.role = NodeRole::client;
  EXPECT_EQ(use_disk(node, {}), "'router' is an end of flows: only routers and bridges boot a disk");
}

}  // namespace
}  // namespace offlab
