// What esxcli takes and prints.
#include "esxi/esxcli_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Field names and order as hosts print them (shared in public listings); two settings.
constexpr const char* release_7 = R"(   Path: /Net/Vmxnet3HwLRO
   Type: integer
   Int Value: 0
   Default Int Value: 1
   Min Value: 0
   Max Value: 1
   String Value: 
   Default String Value: 
   Valid Characters: 
   Description: Whether to enable HW LRO on pkts going to a LPD capable vmxnet3

   Path: /Syslog/global/logHost
   Type: string
   Int Value: 0
   Default Int Value: 0
   Min Value: 0
   Max Value: 0
   String Value: udp://192.0.2.9:514
   Default String Value: <none>
   Valid Characters: *
   Description: The remote host to output logs to: Int Value: 7
)";
constexpr const char* release_8 = R"(   Path: /Net/Vmxnet3SwLRO
   Type: integer
   Int Value: 1
   Default Int Value: 1
   Min Value: 0
   Max Value: 1
   String Value: 
   Default String Value: 
   Valid Characters: 
   Description: Whether to perform SW LRO on pkts going to a LPD capable vmxnet3
   Host Specific: false
   Impact: reboot
)";

TEST(EsxcliText, ValueAndDefaultAreToldApart) {
  const auto settings = parse_esxcli_list(release_7);
  ASSERT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings[0], (EsxiSetting{.key = "Net.Vmxnet3HwLRO", .value = 0, .standard = 1}));
}

TEST(EsxcliText, AStringHasNoValue) {
  const auto settings = parse_esxcli_list(release_7);
  EXPECT_EQ(settings[1], (EsxiSetting{.key = "Syslog.global.logHost"}));
}

TEST(EsxcliText, LaterReleasesSayWhatAChangeTakes) {
  EXPECT_THAT(parse_esxcli_list(release_8),
              ElementsAre(EsxiSetting{.key = "Net.Vmxnet3SwLRO", .value = 1, .standard = 1, .impact = "reboot"}));
}

TEST(EsxcliText, LinesMayEndWithReturns) {
  const auto settings = parse_esxcli_list("   Path: /Net/X\r\n   Type: integer\r\n   Int Value: 3\r\n");
  EXPECT_THAT(settings, ElementsAre(EsxiSetting{.key = "Net.X", .value = 3}));
}

TEST(EsxcliText, WhatIsNoListHasNoSettings) {
  EXPECT_THAT(parse_esxcli_list(""), IsEmpty());
  EXPECT_THAT(parse_esxcli_list("Error: Unknown command or namespace\nInt Value: 1\n"), IsEmpty());
}

TEST(EsxcliText, AnIntegerThatIsNoneIsRefused) {
  EXPECT_THAT(refusal([] { parse_esxcli_list("Path: /Net/X\nType: integer\nInt Value: yes\n"); }),
              HasSubstr("'Int Value' of Net.X is 'yes', which is no integer"));
  EXPECT_THAT(refusal([] { parse_esxcli_list("Path: /Net/X\nType: integer\nInt Value: 99999999999999999999\n"); }),
              HasSubstr("no integer"));
}

TEST(EsxcliText, KeysBecomePaths) {
  EXPECT_EQ(esxcli_path("Net.Vmxnet3HwLRO"), "/Net/Vmxnet3HwLRO");
  for (const char* bad : {"", "Net.X; reboot", "Net.$(id)", "a b", "a'b"})
    EXPECT_THAT(refusal([&] { esxcli_path(bad); }), HasSubstr("no name of a setting")) << bad;
}

}  // namespace
}  // namespace offlab
