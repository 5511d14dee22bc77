#include "fake/fake_node_shell.h"

#include <stdexcept>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int number_after(const std::string& text, const std::string& word) {
  return std::stoi(text.substr(text.find(word) + word.size()));
}

// Who answers in time does so whatever else goes on meanwhile: only silence lets a deadline pass.
void check(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Interrupted();
}

}  // namespace

void FakeNodeShell::react(const std::string& node, const std::string& piece, Reaction reaction) {
  const std::lock_guard lock(mutex_);
  rules_.push_back({node, piece, std::move(reaction)});
}

FakeNodeShell::Reaction FakeNodeShell::silence() {
  return [this](const Call& call) -> std::optional<CommandResult> { stay_silent(call.deadline, call.stop); };
}

FakeNodeShell::Reaction FakeNodeShell::lost_connection() {
  return [](const Call&) -> std::optional<CommandResult> { throw Error("the connection is lost"); };
}

FakeNodeShell::Reaction FakeNodeShell::ends_with(int exit_status, const std::string& errors) {
  return [=](const Call&) -> std::optional<CommandResult> { return CommandResult{exit_status, "", errors}; };
}

std::optional<CommandResult> FakeNodeShell::reaction_to(const Call& call) {
  std::vector<Rule> rules;
  {
    const std::lock_guard lock(mutex_);
    rules = rules_;
  }
  for (const Rule& rule : rules)
    if (rule.node == call.node && call.script.find(rule.piece) != std::string::npos)
      if (auto result = rule.reaction(call)) return result;
  return std::nullopt;
}

void FakeNodeShell::stay_silent(const Deadline& deadline, const std::stop_token& stop, const std::string& who) {
  clock_.pass(deadline.left() + milliseconds(1), stop, who);
  deadline.check(stop);
  throw std::logic_error(deadline.name() + " does not go by the lab's clock");
}

void FakeNodeShell::await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  with_frame(fmt::format("ssh on {}", node), [&] {
    const auto guest = hypervisor_.find(node);
    if (!guest || never_up.count(node) != 0) stay_silent(deadline, stop, node);
    const Clock::Duration left = guest->since + (guest->restored ? restore_time : boot_time) - clock_.now();
    if (left > deadline.left()) stay_silent(deadline, stop, node);
    clock_.pass(left, stop, node);
    check(stop);
  });
}

void FakeNodeShell::connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  await(node, deadline, stop);
}

CommandEnd FakeNodeShell::stream(const std::string& node, const std::string& command, const OutputSink& sink,
                                 const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) {
  return with_frame(fmt::format("ssh on {}", node), [&] {
    check(stop);
    const CommandResult result = answer({node, command, deadline, stop}, enough);
    if (!result.output.empty()) sink(result.output);
    return CommandEnd{result.exit_status, result.errors};
  });
}

CommandResult FakeNodeShell::answer(const Call& call, const std::stop_token& enough) {
  if (auto result = reaction_to(call)) return *std::move(result);
  if (!hypervisor_.is_running(call.node)) throw Error("the connection is lost");
  if (call.script.find("iperf3 --client") != std::string::npos) return run_transfer(call, enough);
  if (call.script.find("nc ") != std::string::npos && enough.stop_possible()) return run_stream(call, enough);
  return guest(call.node).run(call.script);
}

bool FakeNodeShell::take_time(Clock::Duration duration, const std::stop_token& stop, const std::stop_token& enough) {
  std::stop_source either;
  const std::function<void()> end = [&] { either.request_stop(); };
  const std::stop_callback<std::function<void()>> stopped(stop, end);
  const std::stop_callback<std::function<void()>> told(enough, end);
  clock_.pass_watched(duration, either.get_token(), "transfer");
  check(stop);
  return !enough.stop_requested();
}

CommandResult FakeNodeShell::run_transfer(const Call& call, const std::stop_token& enough) {
  traffic_.begin();
  const Clock::Duration asked = seconds(number_after(call.script, "--time "));
  const bool whole = transfer.hangs ? take_time(call.deadline.left() + milliseconds(1), call.stop, {})
                                    : take_time(asked, call.stop, enough);
  traffic_.end();
  transfer_ended();
  if (transfer.hangs) call.deadline.check(call.stop);
  if (!whole && transfer.when_told_to_end) return *transfer.when_told_to_end;
  return {transfer.exit_status, transfer.report, transfer.errors};
}

CommandResult FakeNodeShell::run_stream(const Call& call, const std::stop_token& enough) {
  take_time(fixed_bytes.takes, call.stop, enough);
  return {fixed_bytes.exit_status, fmt::format("{}\n{}  -\n", fixed_bytes.bytes, fixed_bytes.digest),
          fixed_bytes.errors};
}

}  // namespace offlab
