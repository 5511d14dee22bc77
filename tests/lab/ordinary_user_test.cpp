// The founding case as an ordinary user.
#include "lab/ordinary_user.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

constexpr const char* with_few_users = R"sh(unshare --user sleep 300 &
until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do :; done
echo 0 0 1000 > /proc/$!/uid_map
echo 0 0 1000 > /proc/$!/gid_map
nsenter --user --target $! --setuid 0 --setgid 0 "$@"
status=$?
kill $!
exit $status)sh";

TEST(OrdinaryUser, FindsTheFoundingFault) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become an ordinary user";
  if (!std::filesystem::exists(shared_cache() / "images"))
    GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
  const OrdinaryUserPlace place(shared_cache());
  const std::string before = host_state();
  Program program({"demo", "--out", place.folder() / "run"}, place.prefix(), place.environment());
  EXPECT_EQ(program.wait(std::chrono::seconds(240)), 0) << program.output();
  EXPECT_NE(program.output().find("lro-orphan-storm"), std::string::npos);
  EXPECT_EQ(host_state(), before);
}

// A user namespace without the user that QEMU has otherwise, as some containers are: it is root there, with next to no
// capabilities.
TEST(OrdinaryUser, InANamespaceWithFewUsersQemuIsRootWithoutCapabilities) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to map users";
  if (!std::filesystem::exists(shared_cache() / "images"))
    GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch / "cache/images");
  std::filesystem::copy(shared_cache() / "images/debian-12", scratch / "cache/images/debian-12",
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  Program program({"run", demo_file, "--case", "fixed", "--duration", "1", "--out", scratch / "run"},
                  {"sh", "-c", with_few_users, "sh"}, {"OFFLAB_CACHE=" + (scratch / "cache").string()});
  std::string capabilities;
  program.until(std::chrono::seconds(60), [&] {
    const pid_t qemu = program.find("-name guest=");
    if (qemu > 0) capabilities = read_text("/proc/" + std::to_string(qemu) + "/status");
    return !capabilities.empty();
  });
  EXPECT_EQ(program.wait(std::chrono::seconds(120)), 0) << program.output();
  EXPECT_NE(capabilities.find("CapEff:\t0000000000000002"), std::string::npos) << capabilities;
}

}  // namespace
}  // namespace offlab::test
