// The founding case as an ordinary user: sub-ids, and a /dev/net/tun that everybody may open.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;

// Becomes "nobody" in a mount namespace where nobody has sub-ids and may open the tun device.
constexpr const char* become_nobody = R"(set -e
mount --bind "$0/subuid" /etc/subuid
mount --bind "$0/subuid" /etc/subgid
mknod -m 0666 "$0/tun" c 10 200
mount --bind "$0/tun" /dev/net/tun
cd "$0"
exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@")";

TEST(OrdinaryUser, FindsTheFoundingFault) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become an ordinary user";
  const ScratchFolder scratch;
  std::ofstream(scratch / "subuid") << "nobody:100000:65536\n";
  const char* home = std::getenv("HOME");
  const fs::path images = fs::path(home == nullptr ? "/root" : home) / ".cache/offlab/images";
  if (!fs::exists(images)) GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
  fs::create_directories(scratch / "cache");
  fs::copy(images, scratch / "cache/images", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  ASSERT_EQ(chown(scratch.path().c_str(), 65534, 65534), 0);
  for (const auto& entry : fs::recursive_directory_iterator(scratch / "cache"))
    ASSERT_EQ(lchown(entry.path().c_str(), 65534, 65534), 0);
  ASSERT_EQ(chown((scratch / "cache").c_str(), 65534, 65534), 0);
  const std::string before = host_state();
  Program program({"demo", "--out", scratch / "run"},
                  {"unshare", "--mount", "sh", "-c", become_nobody, scratch.path().string()},
                  {"OFFLAB_CACHE=" + (scratch / "cache").string(), "HOME=" + scratch.path().string(),
                   "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"});
  EXPECT_EQ(program.wait(std::chrono::seconds(240)), 0) << program.output();
  EXPECT_NE(program.output().find("lro-orphan-storm"), std::string::npos);
  EXPECT_EQ(host_state(), before);
}

}  // namespace
}  // namespace offlab::test
