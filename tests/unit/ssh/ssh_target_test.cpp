// What messages call a server.
#include "ssh/ssh_target.h"

#include <gmock/gmock.h>


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

}  // namespace
}  // namespace offlab
