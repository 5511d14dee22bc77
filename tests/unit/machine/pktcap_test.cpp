// What pktcap-uw says at its end, as sessions of 6.x and 7.x hosts show it.
#include "machine/pktcap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Pktcap, SaysWhatItDropped) {
  EXPECT_EQ(dropped_by_pktcap("Destroying session 15.\nDumped 4 packet to file -, dropped 0 packets.\nDone.\n"), 0U);
  EXPECT_EQ(dropped_by_pktcap("pktcap: Dumped 4 packet to file -, dropped 12 packets.\n"), 12U);
  EXPECT_EQ(dropped_by_pktcap("Dump: 385949, broken : 0, drop: 7, file err: 0Join with dump thread failed"), 7U);
}

TEST(Pktcap, ThatSaidNothingIsNotZero) {
  EXPECT_EQ(dropped_by_pktcap(""), std::nullopt);
  EXPECT_EQ(dropped_by_pktcap("pktcap: Accept...\n"), std::nullopt);
}

TEST(Pktcap, NoWordOfAFileIsRunByTheShell) {
  EXPECT_THAT(pktcap_script("x; reboot", 192, "port 5201", std::chrono::seconds(60)), HasSubstr("w='x; reboot'\n"));
}

}  // namespace
}  // namespace offlab
