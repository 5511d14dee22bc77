// Files of ESXi hosts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_esxi_host.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string first_mistake(const std::string& text) {
  const ParsedEsxiHost parsed = parse_esxi_host(text, "esxi.toml");
  return parsed.diagnostics.empty() ? "" : parsed.diagnostics.front().message;
}

TEST(EsxiHostFile, ForSsh) {
  const auto parsed = parse_esxi_host("[esxi]\naddress = \"esx-1\"\nkey = \"k\"\n", "esxi.toml");
  ASSERT_TRUE(parsed.host);
  EXPECT_EQ(parsed.host->ssh->address, "esx-1");
  EXPECT_EQ(parsed.host->change, EsxiSwitch());
}

TEST(EsxiHostFile, ForTheApi) {
  const auto parsed = parse_esxi_host(R"(
[vsphere]
address = "vc.example.net"
user = "ann@lab"
password_variable = "VC"
fingerprint = "AB:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:0C"
cluster = "lab"
[switch]
reboot = "host-reboot"
machines = ["router", "client"]
maintenance = true
host_seconds = 900
)",
                                      "esxi.toml");
  ASSERT_TRUE(parsed.host);
  EXPECT_EQ(parsed.host->api->port, 443);
  EXPECT_EQ(parsed.host->api->fingerprint, "ab" + std::string(60, '0') + "0c");
  EXPECT_EQ(parsed.host->change.reboot, EsxiReboot::host_reboot);
  EXPECT_THAT(parsed.host->change.machines, ElementsAre("router", "client"));
  EXPECT_EQ(parsed.host->change.host_seconds, 900);
}

TEST(EsxiHostFile, MistakesAreSaid) {
  EXPECT_THAT(first_mistake("[switch]\n"), HasSubstr("neither [esxi] (SSH) nor [vsphere]"));
  EXPECT_THAT(first_mistake("[esxi]\n"), HasSubstr("missing key 'address'"));
  EXPECT_THAT(first_mistake("[esxi]\naddress = \"a\"\n[vsphere]\naddress = \"a\"\nuser = \"u\"\n"),
              HasSubstr("in one way only"));
  const std::string api = "[vsphere]\naddress = \"a\"\nuser = \"u\"\n";
  EXPECT_THAT(first_mistake(api + "password = \"secret\"\n"), HasSubstr("password"));
  EXPECT_THAT(first_mistake(api + "fingerprint = \"AB:CD\"\n"), HasSubstr("'AB:CD' is no SHA-256 fingerprint"));
  EXPECT_THAT(first_mistake(api + "fingerprint = \"x\"\nca_file = \"y\"\n"), HasSubstr("fingerprint"));
  EXPECT_THAT(first_mistake(api + "hosts = [\"a\"]\ncluster = \"y\"\n"), HasSubstr("only one of them"));
  EXPECT_THAT(first_mistake("[vsphere]\naddress = \"a b\"\nuser = \"u\"\n"), HasSubstr("no name or address"));
  EXPECT_THAT(first_mistake(api + "[switch]\nreboot = \"host-reboot\"\n"), HasSubstr("needs 'machines'"));
  EXPECT_THAT(first_mistake(api + "[switch]\nreboot = \"now\"\n"), HasSubstr("'now' is not a value of 'reboot'"));
  EXPECT_THAT(first_mistake(api + "[switch]\nmaintenance = true\n"), HasSubstr("is for reboot = \"host-reboot\""));
  EXPECT_THAT(first_mistake(api + "[switch]\nhost_seconds = 0\n"), HasSubstr("host_seconds"));
}

}  // namespace
}  // namespace offlab
