// How a guest is reached, from the MAC address of its management NIC.
#include "ssh/guest_target.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "plan/management.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

TEST(LinkLocalAddress, IsMadeAsEui64) {
  EXPECT_EQ(link_local_address("34:56:78:9a:bc:de"), "fe80::3656:78ff:fe9a:bcde");  // RFC 4291, appendix A
  EXPECT_EQ(link_local_address("52:54:00:4d:00:01"), "fe80::5054:ff:fe4d:1");
  EXPECT_EQ(link_local_address("FF:FF:FF:FF:FF:FF"), "fe80::fdff:ffff:feff:ffff");
}

TEST(LinkLocalAddress, RefusesWhatIsNoMac) {
  for (const char* mac : {"", "router", "52:54:00:4d:00", "52-54-00-4d-00-01", "5254.004d.0001", "zz:54:00:4d:00:01"})
    EXPECT_THROW(link_local_address(mac), Error) << mac;
}

TEST(LinkLocalAddress, RefusesAMacWithMoreBehindIt) {
  for (const char* mac : {"52:54:00:4d:00:01:02", "52:54:00:4d:00:01 ", "52:54:00:4d:00:012"})
    EXPECT_THROW(link_local_address(mac), Error) << mac;
}

TEST(GuestTarget, IsTheGuestItselfWithThePinnedKey) {
  const LabKeys keys{"ssh-ed25519 USER", "ssh-ed25519 HOST", "/keys/authorized_keys", "/keys/host", "/keys/user"};
  SshTarget expected;
  expected.server.host = "fe80::5054:ff:fe4d:1";
  expected.server.interface = "mgmt";
  expected.server.user_key = "/keys/user";
  expected.server.host_keys = PinnedKeys{"ssh-ed25519 HOST"};
  EXPECT_EQ(guest_target(keys, "52:54:00:4d:00:01"), expected);
}

// Before anything boots.
TEST(WriteSecrets, AKeyThatCannotBeReadIsRefused) {
  const TempFolder folder;
  const std::string error = refusal([&] { write_secrets(folder.path(), "ssh-ed25519 AAAA ann@lab\n", ""); });
  EXPECT_EQ(error, login_key_of(folder.path()).string() + " is no private key that can be read without a passphrase");
  EXPECT_EQ(refusal([&] { write_secrets(folder.path(), "", "a password"); }), "");
}

}  // namespace
}  // namespace offlab
