// What messages call a server, and what a command line becomes with sudo.
#include "ssh/ssh_target.h"

#include <gmock/gmock.h>

#include "ssh/sudo.h"

namespace offlab {
namespace {

using testing::HasSubstr;

SshTarget target() {
  SshTarget target;
  target.server.host = "fe80::1";
  target.server.interface = "mgmt";
  return target;
}

TEST(SshTarget, IsNamedByUserHostAndPort) {
  EXPECT_EQ(to_string(target()), "root@fe80::1%mgmt port 22");
}

TEST(SshTarget, IsNamedWithItsJumpHosts) {
  SshTarget far = target();
  far.jumps.resize(2);
  far.jumps[0].host = "gate";
  far.jumps[0].user = "guest";
  far.jumps[1].host = "inner";
  far.jumps[1].port = 2222;
  EXPECT_EQ(to_string(far), "root@fe80::1%mgmt port 22 through guest@gate port 22, then root@inner port 2222");
}

TEST(Sudo, RunsTheWholeScriptAsRoot) {
  EXPECT_EQ(as_root("cd /tmp; echo 'a b' > x"), R"(sudo -n -- sh -c 'cd /tmp; echo '\''a b'\'' > x')");
}

TEST(Sudo, ThatAsksForAPasswordHasARemedy) {
  const Error error = sudo_refusal("admin", {1, "sudo: a password is required\n"});
  EXPECT_STREQ(error.what(), "sudo asks for a password");
  EXPECT_EQ(error.remedy(),
            "let admin run commands without a password: 'admin ALL=(ALL) NOPASSWD: ALL' in /etc/sudoers.d");
}

TEST(Sudo, ThatIsNotThereIsToldApart) {
  EXPECT_STREQ(sudo_refusal("admin", {127, "sh: 1: sudo: not found\n"}).what(), "there is no sudo");
}

TEST(Sudo, ThatRefusesSaysWhy) {
  EXPECT_STREQ(sudo_refusal("admin", {1, "sudo: unable to open /etc/sudoers\n"}).what(),
               "sudo refuses (exit status 1): sudo: unable to open /etc/sudoers");
}

}  // namespace
}  // namespace offlab
