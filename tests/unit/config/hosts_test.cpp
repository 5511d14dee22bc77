// Files of lab hosts.
#include <fstream>

#include <gtest/gtest.h>

#include "config/parse_hosts.h"
#include "folders.h"

namespace offlab {
namespace {

std::string mistakes_of(const std::string& text) {
  return render(parse_hosts(text, "hosts.toml").diagnostics, text);
}

TEST(Hosts, AreRead) {
  const ParsedHosts parsed = parse_hosts(R"(
[[host]]
name = "h1"
address = "lab-1.example.net"
user = "ci"
port = 2222
jump = "gate.example.net"
ssh_config = "ssh_config"
accelerator = "kvm"
cache = "/var/cache/offlab"
slots = 4
tags = ["kvm", "rack-3"]
sudo = true
libvirt = "system"

[[host]]
address = "198.18.250.3"
)",
                                         "hosts.toml");
  ASSERT_TRUE(parsed.hosts);
  ASSERT_EQ(parsed.hosts->size(), 2U);
  EXPECT_EQ((*parsed.hosts)[0], (PoolHost{.name = "h1",
                                          .address = "lab-1.example.net",
                                          .user = "ci",
                                          .port = 2222,
                                          .jump = "gate.example.net",
                                          .ssh_config = "ssh_config",
                                          .accelerator = "kvm",
                                          .cache = "/var/cache/offlab",
                                          .slots = 4,
                                          .tags = {"kvm", "rack-3"},
                                          .sudo = true,
                                          .hosted = true}));
  EXPECT_EQ((*parsed.hosts)[1], (PoolHost{.name = "198.18.250.3", .address = "198.18.250.3"}));
}

TEST(Hosts, TheExampleIsRight) {
  std::ifstream file(source_folder() + "/examples/hosts.toml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const ParsedHosts parsed = parse_hosts(text, "hosts.toml");
  ASSERT_TRUE(parsed.hosts) << render(parsed.diagnostics, text);
  EXPECT_EQ(parsed.hosts->size(), 2U);
}

TEST(Hosts, MistakesHaveTheirPlaces) {
  EXPECT_NE(mistakes_of("[[host]]\naddress = \"-oProxyCommand=reboot\"\n").find("is nothing that ssh takes as address"),
            std::string::npos);
  EXPECT_NE(mistakes_of("[[host]]\nname = \"h1\"\n").find("missing key 'address'"), std::string::npos);
  EXPECT_NE(mistakes_of("[[host]]\naddress = \"a\"\n[[host]]\naddress = \"a\"\n").find("there is already a host 'a'"),
            std::string::npos);
  EXPECT_NE(mistakes_of("[[host]]\naddress = \"a\"\nslots = 0\n").find("slots"), std::string::npos);
  EXPECT_NE(mistakes_of("[[host]]\naddress = \"a\"\naccelerator = \"xen\"\n").find("xen"), std::string::npos);
  EXPECT_NE(mistakes_of("[[host]]\naddress = \"a\"\nsecret = 1\n").find("secret"), std::string::npos);
}

}  // namespace
}  // namespace offlab
