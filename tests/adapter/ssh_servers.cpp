#include "adapter/ssh_servers.h"

#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/private_namespaces.h"
#include "base/handle.h"
#include "process/subprocess.h"

namespace offlab::test {

namespace fs = std::filesystem;

namespace {

// As fork; the child dies with the test, also when ctest kills that.
pid_t fork_helper() {
  const pid_t test = getpid();
  const pid_t child = fork();
  if (child < 0) throw system_error("starting a helper of the test");
  if (child == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != test)) _exit(125);
  return child;
}

void end_process(pid_t process) {
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
}

void authorize(const LabKeys& keys, const fs::path& home) {
  fs::create_directories(home / ".ssh");
  fs::permissions(home / ".ssh", fs::perms::owner_all);
  fs::copy_file(keys.authorized_keys, home / ".ssh/authorized_keys");
  fs::permissions(home / ".ssh/authorized_keys", fs::perms::owner_read | fs::perms::owner_write);
}

// Has `file` instead of `place`, for the test and what it starts.
void cover(const fs::path& place, const fs::path& file) {
  if (mount(file.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) != 0)
    throw system_error("covering " + place.string());
}

}  // namespace

Deadline soon(int limit) {
  return Deadline("the test", std::chrono::seconds(limit));
}

FarNetwork::FarNetwork() {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) throw system_error("making a pipe");
  holder_ = fork_helper();
  if (holder_ == 0) {
    const bool made = unshare(CLONE_NEWNET) == 0;
    if (write(ready[1], "x", made ? 1 : 0) != 1) _exit(1);
    while (true) pause();
  }
  close(ready[1]);
  char seen;
  const bool made = read(ready[0], &seen, 1) == 1;
  close(ready[0]);
  if (!made) throw Error("no network namespace");
  const std::string pid = std::to_string(holder_);
  const auto far = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"nsenter", "--target", pid, "--net", "ip"});
    run_or_throw(arguments, soon());
  };
  run_or_throw({"ip", "link", "add", "far", "type", "veth", "peer", "name", "near", "netns", pid}, soon());
  run_or_throw({"ip", "address", "add", "10.9.0.1/24", "dev", "far"}, soon());
  run_or_throw({"ip", "link", "set", "far", "up"}, soon());
  far({"address", "add", "10.9.0.2/24", "dev", "near"});
  far({"link", "set", "near", "up"});
  far({"link", "set", "lo", "up"});
}

FarNetwork::~FarNetwork() {
  end_process(holder_);
}

SshServerProcess::SshServerProcess(const std::string& address, const fs::path& dropbear_key, pid_t holder)
    : pid_(fork_helper()) {
  if (pid_ != 0) return;
  if (holder > 0) {
    const UniqueFd network(open(fmt::format("/proc/{}/ns/net", holder).c_str(), O_RDONLY | O_CLOEXEC));
    if (setns(network.get(), CLONE_NEWNET) != 0) _exit(126);
  }
  execl("/usr/sbin/dropbear", "dropbear", "-F", "-E", "-r", dropbear_key.c_str(), "-s", "-p", address.c_str(), nullptr);
  _exit(127);
}

SshServerProcess::~SshServerProcess() {
  for (const pid_t child : descendants_of(pid_)) kill(child, SIGKILL);
  end_process(pid_);
}

void SshServerProcess::signal_connections(int number) const {
  comes_true([&] { return !descendants_of(pid_).empty(); });
  run_program({"pkill", fmt::format("-{}", number), "-P", std::to_string(pid_)}, soon());
}

void SshTest::SetUp() {
  if (!enter_private_namespaces()) GTEST_SKIP() << "needs root, for namespaces";
  if (!fs::exists("/usr/sbin/dropbear")) GTEST_SKIP() << "dropbear is not installed";
  ASSERT_EQ(mount("tmpfs", "/root", "tmpfs", 0, "mode=0700"), 0);
  keys_ = make_lab_keys(scratch_.path());
  authorize(keys_, "/root");
  dropbear_key_ = scratch_ / "dropbear_key";
  run_or_throw({"dropbearconvert", "openssh", "dropbear", keys_.host_key, dropbear_key_}, soon());
}

LabKeys SshTest::other_keys() {
  fs::create_directories(scratch_ / "other");
  return make_lab_keys(scratch_ / "other");
}

std::unique_ptr<SshServerProcess> SshTest::start_server(std::uint16_t port) {
  return std::make_unique<SshServerProcess>(fmt::format("127.0.0.1:{}", port), dropbear_key_);
}

SshTarget SshTest::target(std::uint16_t port) const {
  SshTarget target;
  target.server = {.host = "127.0.0.1",
                   .interface = "",
                   .port = port,
                   .user = "root",
                   .user_key = keys_.user_key,
                   .host_keys = PinnedKeys{keys_.host_public}};
  return target;
}

void SshTest::add_user(const std::string& name, const std::string& sudoers) {
  constexpr unsigned id = 61234;
  ASSERT_EQ(mount("tmpfs", "/home", "tmpfs", 0, "mode=0755"), 0);
  const fs::path home = fs::path("/home") / name;
  authorize(keys_, home);
  for (const fs::path& one : {home, home / ".ssh", home / ".ssh/authorized_keys"})
    ASSERT_EQ(chown(one.c_str(), id, id), 0);
  fs::copy_file("/etc/passwd", scratch_ / "passwd");
  std::ofstream(scratch_ / "passwd", std::ios::app)
      << fmt::format("{}:*:{}:{}::{}:/bin/sh\n", name, id, id, home.string());
  cover("/etc/passwd", scratch_ / "passwd");
  if (!fs::exists("/etc/sudoers")) return;
  std::ofstream(scratch_ / "sudoers") << "Defaults use_pty\n" << name << " " << sudoers << "\n";
  fs::permissions(scratch_ / "sudoers", fs::perms::owner_read | fs::perms::group_read);
  cover("/etc/sudoers", scratch_ / "sudoers");
}

}  // namespace offlab::test
