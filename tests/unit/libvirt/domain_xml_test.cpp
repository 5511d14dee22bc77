// The description of a guest for libvirt.
#include "libvirt/domain_xml.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "unit/golden.h"

namespace offlab {
namespace {

DomainSpec router() {
  DomainSpec spec;
  spec.name = "router";
  spec.accelerator = Accelerator::tcg;
  spec.vcpus = 2;
  spec.memory_mib = 512;
  spec.kernel = "/cache/images/debian-12/vmlinux";
  spec.initrd = "/cache/images/debian-12/initrd";
  spec.command_line = "console=ttyS0 quiet offlab.node=\"router\"";
  spec.serial_log = "/run/labs/lab-1/router.log";
  spec.firmware_files = {{"opt/offlab/authorized_keys", "/run/keys/user.pub"},
                         {"opt/offlab/host_key", "/run/keys/host"}};
  spec.nics = {{"management", "m-router", "52:54:00:4d:00:01", NicModel::virtio},
               {"wan", "router-wan", "52:54:01:00:01:00", NicModel::vmxnet3},
               {"lan", "router-lan", "52:54:01:00:01:01", NicModel::e1000e}};
  return spec;
}

TEST(DomainXml, DescribesAnEmulatedRouter) {
  expect_golden("domain-tcg.xml", domain_xml(router()));
}

TEST(DomainXml, DescribesAGuestOfALibvirtThatOthersUse) {
  DomainSpec spec = router();
  for (DomainNic& nic : spec.nics) nic.bridge.clear();
  const DomainOwner owner{
      .lab = "3f2a8b10-0f4e-4c52-9f0b-6d2f1a7f3b11", .user = {64055, 64055}, .unconfined = {"apparmor"}, .cpus = "2-3"};
  expect_golden("domain-hosted.xml", domain_xml(spec, &owner));
}

TEST(DomainXml, AGuestsUuidFollowsFromItsLab) {
  const DomainOwner one{.lab = "1"};
  const DomainOwner other{.lab = "2"};
  EXPECT_EQ(domain_uuid("router", &one), domain_uuid("router", &one));
  EXPECT_NE(domain_uuid("router", &one), domain_uuid("router", &other));
  EXPECT_NE(domain_uuid("router", &one), domain_uuid("client", &one));
  EXPECT_NE(domain_uuid("router", &one), domain_uuid("router"));
}

TEST(DomainXml, DescribesAClientUnderKvm) {
  DomainSpec spec = router();
  spec.name = "client";
  spec.accelerator = Accelerator::kvm;
  spec.vcpus = 1;
  spec.firmware_files.clear();
  spec.nics = {{"lan", "client-lan", "52:54:01:00:02:00", NicModel::e1000}};
  expect_golden("domain-kvm.xml", domain_xml(spec));
}

TEST(DomainXml, DescribesAGuestWithADiskOfItsOwn) {
  DomainSpec spec = router();
  spec.kernel.clear();
  spec.initrd.clear();
  spec.firmware_files.clear();
  spec.disk = DomainDisk{.file = "/boot/images/router/disk.qcow2",
                         .overlay = "/disks/router/overlay.qcow2",
                         .bus = DiskBus::scsi,
                         .firmware = Firmware::uefi,
                         .variables = "/disks/router/variables.fd",
                         .seed = "/disks/router/seed.img"};
  spec.nics.front().slot = 29;
  spec.nics.back().slot = 18;
  expect_golden("domain-disk.xml", domain_xml(spec));
}

TEST(DomainXml, ASnapshotOfAGuestWithADiskIsOfItsMemoryAlone) {
  DomainSpec spec = router();
  EXPECT_EQ(memory_snapshot_xml(spec, "/warm/state").find("<disks>"), std::string::npos);
  spec.disk = DomainDisk{.file = "d", .overlay = "o", .seed = "s"};
  const std::string xml = memory_snapshot_xml(spec, "/warm/state");
  EXPECT_NE(xml.find(R"(<memory snapshot="external" file="/warm/state" />)"), std::string::npos) << xml;
  EXPECT_NE(xml.find(R"(<disk name="vda" snapshot="no" />)"), std::string::npos) << xml;
  EXPECT_NE(xml.find(R"(<disk name="vdb" snapshot="no" />)"), std::string::npos) << xml;
}

// "vcpus/of them there" of such a guest; the second is empty when all are.
std::string processors(Accelerator accelerator, unsigned vcpus) {
  DomainSpec spec = router();
  spec.accelerator = accelerator;
  spec.vcpus = vcpus;
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(domain_xml(spec).c_str()));
  const pugi::xml_node vcpu = document.child("domain").child("vcpu");
  return std::string(vcpu.child_value()) + "/" + vcpu.attribute("current").value();
}

TEST(DomainXml, OneEmulatedProcessorHasRoomForAnotherSoThatMemoryBarriersStay) {
  EXPECT_EQ(processors(Accelerator::tcg, 1), "2/1");
  EXPECT_EQ(processors(Accelerator::tcg, 2), "2/");
  EXPECT_EQ(processors(Accelerator::kvm, 1), "1/");
}

TEST(DomainXml, KeepsEveryCharacterOfAName) {
  DomainSpec spec = router();
  spec.name = "a<b>&\"c'";
  spec.command_line = "x=\"<&>'\"";
  spec.nics[0].tap = "t&\"<";
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(domain_xml(spec).c_str()));
  const pugi::xml_node domain = document.child("domain");
  EXPECT_STREQ(domain.child_value("name"), "a<b>&\"c'");
  EXPECT_STREQ(domain.child("os").child_value("cmdline"), "x=\"<&>'\"");
  EXPECT_STREQ(domain.child("devices").child("interface").child("target").attribute("dev").value(), "t&\"<");
}

TEST(DomainXml, KeepsTheOrderOfTheNics) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(domain_xml(router()).c_str()));
  std::vector<std::string> taps;
  for (const pugi::xml_node nic : document.child("domain").child("devices").children("interface"))
    taps.emplace_back(nic.child("target").attribute("dev").value());
  EXPECT_EQ(taps, (std::vector<std::string>{"m-router", "router-wan", "router-lan"}));
}

// <driver queues='N'/>, as libvirt's domain format has it.
TEST(DomainXml, AVirtioNicMayHaveSeveralQueues) {
  DomainSpec spec = router();
  spec.nics = {{.bridge = "wan", .tap = "router-wan", .mac = "52:54:01:00:01:00", .queues = 4},
               {.bridge = "lan", .tap = "router-lan", .mac = "52:54:01:00:01:01"}};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(domain_xml(spec).c_str()));
  std::vector<std::string> queues;
  for (const pugi::xml_node nic : document.child("domain").child("devices").children("interface"))
    queues.emplace_back(nic.child("driver").attribute("queues").value());
  EXPECT_EQ(queues, (std::vector<std::string>{"4", ""}));
}

}  // namespace
}  // namespace offlab
