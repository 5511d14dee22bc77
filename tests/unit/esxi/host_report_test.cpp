// What goes into a report of a host is made anonymous.
#include "esxi/host_report.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(HostReport, AddressesAreReplacedTheSameByTheSame) {
  EXPECT_EQ(made_anonymous("vmk0 10.1.2.3 00:50:56:aa:bb:cc\nvmk1 10.1.2.4 00:50:56:AA:BB:DD\ngw 10.1.2.3\n", {}),
            "vmk0 192.0.2.3 00:50:56:00:00:01\nvmk1 192.0.2.4 00:50:56:00:00:02\ngw 192.0.2.3\n");
}

TEST(HostReport, WhatIsNoAddressStays) {
  const std::string text = "Version: 8.0.2\nBuild: Releasebuild-22380479\n255.255.255.0 0.0.0.0 127.0.0.1 12:30:45\n";
  EXPECT_EQ(made_anonymous(text, {}), text);
}

TEST(HostReport, NamesOfTheHostGoAway) {
  EXPECT_EQ(made_anonymous("esx-1.example.net and esx-1.example.net", {"esx-1.example.net", ""}),
            "esxi-host and esxi-host");
}

}  // namespace
}  // namespace offlab
