// Disks of users in plans, and what opens them in requests.
#include "record/disk_image_json.h"

#include <gtest/gtest.h>

#include "record/worker_request.h"

namespace offlab {
namespace {

DiskImage disk() {
  DiskImage image;
  image.file = "/images/router.qcow2";
  image.firmware = Firmware::uefi;
  image.bus = DiskBus::sata;
  image.memory_mib = 1024;
  image.boot_seconds = 60;
  image.configure = Configured::nothing;
  image.login = {.user = "admin",
                 .key_file = "/keys/id",
                 .password_file = "/keys/password",
                 .password_variable = "PASSWORD",
                 .sudo = true,
                 .port = 2222,
                 .host_keys = {"ssh-ed25519 AAAA"}};
  image.management = {NicModel::e1000, AddressFrom::fixed, parse_address("10.0.0.1"), 24};
  image.nics = {{"wan", "52:54:00:12:34:56", "ens4"}};
  return image;
}

TEST(DiskImageJson, ADiskIsReadAsItWasWritten) {
  EXPECT_EQ(disk_image_from_json(disk_image_to_json(disk())), disk());
  EXPECT_EQ(disk_image_from_json(disk_image_to_json(DiskImage())), DiskImage());
}

TEST(DiskImageJson, ARequestHasTheDiskAndWhatOpensIt) {
  WorkerRequest request;
  NodePlan node;
  node.name = "router";
  node.disk = disk();
  node.expected.nics = {{"ens4", "52:54:00:12:34:56", Mtu{1400}, {"10.0.0.1/24"}}};
  node.expected.forwards_ipv4 = true;
  request.lab.nodes = {node};
  request.images["router"] = {
      .kernel = {}, .initrd = {}, .digest = "d", .disk = "images/router/d/disk.qcow2", .key = "K", .password = "P"};
  EXPECT_EQ(worker_request_from_json(worker_request_to_json(request)), request);
}

}  // namespace
}  // namespace offlab
