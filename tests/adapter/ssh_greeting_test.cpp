// Whoever answers in place of a guest's SSH server gets no further than an Error: in time, in clean words, and without
// filling the memory.
#include <algorithm>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "adapter/hostile_ssh_server.h"
#include "adapter/ssh_servers.h"
#include "ssh/ssh_session.h"

namespace offlab::test {
namespace {

using std::chrono::milliseconds;

constexpr unsigned greetings = 200;
constexpr unsigned at_once = 4;
constexpr auto patience = milliseconds(150);
constexpr auto slowest_allowed = milliseconds(3000);  // on a busy machine
constexpr std::uint64_t most_memory = 16'384;         // KiB

// "VmRSS" now, "VmHWM" at most since forget_peak().
std::uint64_t kibibytes(const std::string& what) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == what + ":") {
      std::uint64_t number = 0;
      status >> number;
      return number;
    }
  throw Error("/proc/self/status has no " + what);
}

void forget_peak() {
  std::ofstream("/proc/self/clear_refs") << 5;
}

using SshGreeting = SshTest;

TEST_F(SshGreeting, TwoHundredHostileOnesAreEachAnErrorInCleanWords) {
  const auto meet = [&](unsigned number, std::uint16_t port) {
    const Greeting greeting = hostile_greeting(number);
    const std::string name = greeting.name + " (" + std::to_string(number) + ")";
    const HostileSshServer server(port, greeting);
    const auto begin = std::chrono::steady_clock::now();
    const std::string message = message_of([&] { SshSession(target(port), Deadline("ssh on router", patience), {}); });
    EXPECT_LT(std::chrono::steady_clock::now() - begin, slowest_allowed) << name;
    EXPECT_GE(server.connections(), 1U) << name;
    EXPECT_THAT(message, testing::StartsWith("root@127.0.0.1 port " + std::to_string(port) + ": ")) << name;
    EXPECT_TRUE(std::none_of(message.begin(), message.end(),
                             [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        << name << ": " << message;
    EXPECT_LT(message.size(), 2000U) << name;
  };
  for (unsigned kind = 0; kind < 20; ++kind) meet(kind, 2300);  // what is loaded and kept once counts for nobody
  forget_peak();
  const std::uint64_t before = kibibytes("VmRSS");
  std::vector<std::jthread> threads;
  for (unsigned first = 0; first < at_once; ++first)
    threads.emplace_back([&, first] {
      for (unsigned number = first; number < greetings; number += at_once)
        meet(number, static_cast<std::uint16_t>(2400 + number));
    });
  threads.clear();
  EXPECT_LT(kibibytes("VmHWM"), before + most_memory);
}

TEST_F(SshGreeting, AHostileOneDoesNotKeepAStopWaiting) {
  const HostileSshServer server(2300, hostile_greeting(19));
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(300));
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(SshSession(target(2300), soon(30), stop.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, slowest_allowed);
}

}  // namespace
}  // namespace offlab::test
