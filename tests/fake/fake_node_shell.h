// Guests that answer scripts, or do not.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fake/fake_clock.h"
#include "fake/fake_guest.h"
#include "fake/fake_hypervisor.h"
#include "fake/fake_traffic.h"
#include "port/node_shell.h"

namespace offlab {

// What a transfer of iperf3 ends with.
struct FakeTransfer {
  std::string report;  // when it had its time
  std::string errors;
  int exit_status = 0;
  std::optional<CommandResult> when_told_to_end;  // nothing: the same
  bool hangs = false;                             // whatever it is told: nothing comes back
};

// The fixed-byte transfer, as its receiver sees it.
struct FakeStream {
  std::uint64_t bytes = 0;  // that arrive
  Clock::Duration takes = std::chrono::milliseconds(300);
  std::string digest;  // of what arrived
  int exit_status = 0;
  std::string errors;
};

class FakeNodeShell : public NodeShell {
 public:
  FakeNodeShell(FakeClock& clock, FakeHypervisor& hypervisor, FakeTraffic& traffic)
      : clock_(clock), hypervisor_(hypervisor), traffic_(traffic) {}

  // From its start until a guest's SSH server greets.
  Clock::Duration boot_time = std::chrono::seconds(4);
  Clock::Duration restore_time = std::chrono::milliseconds(200);
  std::set<std::string> never_up;  // guests that do not get so far
  FakeTransfer transfer;
  FakeStream fixed_bytes;
  std::function<void()> transfer_ended = [] {};

  void add(const std::string& node) { guests_.try_emplace(node, node); }
  FakeGuest& guest(const std::string& node) { return guests_.at(node); }

  struct Call {
    std::string node;
    std::string script;
    Deadline deadline;
    std::stop_token stop;
  };
  // Nothing: the guest answers as if there were no such reaction.
  using Reaction = std::function<std::optional<CommandResult>(const Call& call)>;
  // What scripts with `piece` in them meet on this node.
  void react(const std::string& node, const std::string& piece, Reaction reaction);
  // Ready-made ones: nothing comes back; the connection breaks; the command ends like this.
  Reaction silence();
  static Reaction lost_connection();
  static Reaction ends_with(int exit_status, const std::string& errors);

  void await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  void connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  // What was printed comes in one chunk.
  CommandEnd stream(const std::string& node, const std::string& command, const OutputSink& sink,
                    const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) override;

 private:
  struct Rule {
    std::string node;
    std::string piece;
    Reaction reaction;
  };

  CommandResult answer(const Call& call, const std::stop_token& enough);
  std::optional<CommandResult> reaction_to(const Call& call);
  [[noreturn]] void stay_silent(const Deadline& deadline, const std::stop_token& stop, const std::string& who = "");
  // While the lab watches; false when it was told to end before.
  bool take_time(Clock::Duration duration, const std::stop_token& stop, const std::stop_token& enough);
  CommandResult run_transfer(const Call& call, const std::stop_token& enough);
  CommandResult run_stream(const Call& call, const std::stop_token& enough);

  FakeClock& clock_;
  FakeHypervisor& hypervisor_;
  FakeTraffic& traffic_;
  std::map<std::string, FakeGuest> guests_;
  std::mutex mutex_;
  std::vector<Rule> rules_;
};

}  // namespace offlab
