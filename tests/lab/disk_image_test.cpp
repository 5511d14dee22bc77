// Routers that boot a disk of their own. disks/build.sh makes the disks; without one its test is skipped.
#include <fstream>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class DiskImages : public testing::Test {
 protected:
  static void need(const std::vector<std::string>& disks) {
    for (const std::string& disk : disks)
      if (!fs::exists(fs::path(source_folder()) / "disks" / (disk + ".qcow2")))
        GTEST_SKIP() << "disks/build.sh " << disk << " makes the disk";
  }

  // `recipe`: what is in it behind the name and the disk of Debian 12.
  fs::path topology_with(const std::string& recipe) {
    const fs::path disks = fs::path(source_folder()) / "disks";
    std::ofstream(scratch_ / "router.toml")
        << fmt::format("name = \"router\"\ndisk = \"{}\"\n{}", (disks / "debian-12.qcow2").string(), recipe);
    std::string text = read_text(fs::path(source_folder()) / "examples/my-router/my-router-test.toml");
    const std::string image = "./my-router.toml";
    text.replace(text.find(image), image.size(), "./router.toml");
    std::ofstream(scratch_ / "test.toml") << text;
    return scratch_ / "test.toml";
  }

  static std::string key() { return fmt::format("[login]\nkey = \"{}/disks/id_ed25519\"\n", source_folder()); }

  // What the run says that must fail.
  std::string refusal_of(const fs::path& file) {
    Program program({"run", file, "--case", "as-it-is", "--out", scratch_ / "run"});
    EXPECT_EQ(program.wait(seconds(250)), 3) << program.output();
    return program.output();
  }

  ScratchFolder scratch_;
};

TEST_F(DiskImages, ThreeReleasesAndARouterWithFrrComeOutAsTheFileSays) {
  need({"debian-11", "debian-12", "debian-13", "debian-12-frr"});
  if (IsSkipped()) return;
  Program program({"verify", source_folder() + "/topologies/debian-releases.toml", "--out", scratch_ / "run"});
  EXPECT_EQ(program.wait(seconds(900)), 0) << program.output();
}

TEST_F(DiskImages, ADeployedRouterIsUsedAsItIs) {
  need({"debian-12-configured"});
  if (IsSkipped()) return;
  const std::string before = host_state();
  Program program({"verify", source_folder() + "/topologies/deployed-router.toml", "--out", scratch_ / "run"});
  EXPECT_EQ(program.wait(seconds(400)), 0) << program.output();
  EXPECT_EQ(host_state(), before);
}

TEST_F(DiskImages, AnOrdinaryUserUefiAndCloudInitOpenTheirRouters) {
  need({"debian-12-sudo", "debian-12-uefi", "debian-12-cloud"});
  if (IsSkipped()) return;
  for (const char* image : {"debian-12-sudo-disk", "debian-12-uefi-disk", "debian-12-cloud-disk"}) {
    std::string text = read_text(fs::path(source_folder()) / "topologies/debian-releases.toml");
    const std::string usual = "image = \"debian-12-disk\"";
    text.replace(text.find(usual), usual.size(), fmt::format("image = \"{}\"", image));
    const std::string set = "\"router.image\" = \"debian-12-disk\", ";
    for (std::size_t at = 0; (at = text.find(set)) != std::string::npos;) text.erase(at, set.size());
    std::ofstream(scratch_ / "test.toml") << text;
    Program program(
        {"verify", scratch_ / "test.toml", "--case", "debian-12-hypervisor-lro", "--out", scratch_ / image});
    EXPECT_EQ(program.wait(seconds(400)), 0) << program.output();
  }
}

TEST_F(DiskImages, ARefusedLoginNamesTheKeyOfTheRecipe) {
  need({"debian-12"});
  if (IsSkipped()) return;
  ASSERT_EQ(std::system(fmt::format("ssh-keygen -q -t ed25519 -N '' -f {}", (scratch_ / "other").string()).c_str()), 0);
  const std::string said = refusal_of(topology_with("[login]\nkey = \"other\"\n"));
  EXPECT_THAT(said, HasSubstr(fmt::format("logging in as root with {}: Access denied", (scratch_ / "other").string())));
  EXPECT_THAT(said, Not(HasSubstr("/run/offlab")));
}

TEST_F(DiskImages, ADiskThatDoesNotBootEndsAtItsDeadline) {
  need({"debian-12"});
  if (IsSkipped()) return;
  // The right partition table, and nothing that boots.
  std::ofstream disk(scratch_ / "empty.img", std::ios::binary);
  std::string sector(512, '\0');
  sector[510] = '\x55';
  sector[511] = '\xaa';
  disk << sector << std::string(1'048'576 - 512, '\0') << std::flush;
  const fs::path file = topology_with("boot_deadline = \"10s\"\n" + key());
  std::ofstream(scratch_ / "router.toml")
      << fmt::format("name = \"router\"\ndisk = \"empty.img\"\nboot_deadline = \"10s\"\n{}", key());
  EXPECT_THAT(refusal_of(file), HasSubstr("node 'router' did not come up"));
}

TEST_F(DiskImages, WhatTheFileSaysOfADeployedRouterIsCompared) {
  need({"debian-12"});
  if (IsSkipped()) return;
  const fs::path file =
      topology_with("configure = \"nothing\"\n" + key() + "[interfaces]\nwan = \"ens4\"\nlan = \"ens5\"\n");
  const std::string said = refusal_of(file);
  EXPECT_THAT(said, HasSubstr("ens4 of 'router' has no address 198.18.2.1/24; it has fe80::"));
  EXPECT_THAT(said, HasSubstr("'router' does not forward IPv4 packets (net.ipv4.ip_forward is 0)"));
}

}  // namespace
}  // namespace offlab::test
