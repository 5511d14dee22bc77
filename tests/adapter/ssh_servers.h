// Real SSH servers (dropbear) for the tests of the SSH adapter, in namespaces of the test's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/types.h>

#include "base/deadline.h"
#include "base/error.h"
#include "lab/program.h"
#include "port/node_shell.h"
#include "ssh/lab_keys.h"
#include "ssh/ssh_target.h"

namespace offlab::test {

Deadline soon(int limit = 20);

// "(no error)" when there is none.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

// Polls until it holds; false after ten seconds.
template <typename Condition>
bool comes_true(Condition condition) {
  for (const Deadline limit = soon(10); !limit.passed(); usleep(5000))
    if (condition()) return true;
  return false;
}

// A network namespace beside the test's, joined to it by a veth pair: 10.9.0.1 here, 10.9.0.2 there.
class FarNetwork {
 public:
  FarNetwork();
  FarNetwork(const FarNetwork&) = delete;
  FarNetwork& operator=(const FarNetwork&) = delete;
  ~FarNetwork();
  pid_t holder() const { return holder_; }

 private:
  pid_t holder_ = -1;
};

class SshServerProcess {
 public:
  // `address`: "127.0.0.1:2222". In the test's network, or in that of `holder`.
  SshServerProcess(const std::string& address, const std::filesystem::path& dropbear_key, pid_t holder = -1);
  SshServerProcess(const SshServerProcess&) = delete;
  SshServerProcess& operator=(const SshServerProcess&) = delete;
  ~SshServerProcess();
  // To the processes that serve its connections; the one that listens stays as it is. Waits until there is one.
  void signal_connections(int number) const;
  pid_t process() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

class SshTest : public testing::Test {
 protected:
  void SetUp() override;

  // Keys of another lab, in a folder of their own.
  LabKeys other_keys();
  // A server with the keys of this lab.
  std::unique_ptr<SshServerProcess> start_server(std::uint16_t port = 2222);
  // How the test logs in there.
  SshTarget target(std::uint16_t port = 2222) const;

  // Makes a user who logs in with the lab's key. `sudoers`: what sudo's configuration says of them.
  void add_user(const std::string& name, const std::string& sudoers);

  ScratchFolder scratch_;
  LabKeys keys_;
  std::filesystem::path dropbear_key_;  // the host key, in dropbear's format
};

}  // namespace offlab::test
