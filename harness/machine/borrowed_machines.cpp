#include "machine/borrowed_machines.h"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/random.h>

#include "base/error.h"
#include "base/host_name.h"
#include "base/shell_words.h"
#include "family/guest_family.h"
#include "lab/run_commands.h"
#include "plan/deadlines.h"
#include "process/user_mapping.h"

namespace offlab {
namespace {

constexpr int taken_status = 75;
constexpr int most_passes = 4;  // MTUs and files, offloads, and once more what a NIC changed by itself

std::string random_id() {
  std::array<unsigned char, 8> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) throw system_error("getrandom");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string now_in_words() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S UTC}", fmt::gmtime(std::time(nullptr)));
}

std::string owner_line(const Borrowed& borrowed) {
  return fmt::format("{} offlab run {} of {}@{}, since {}", borrowed.id, borrowed.run, user_name(), host_name(),
                     borrowed.since);
}

KeptState read_state(NodeShell& shell, Clock& clock, const Borrowed& borrowed, const std::stop_token& stop) {
  const std::string& node = borrowed.node;
  const GuestFamily& family = family_of(borrowed.login.system);
  const Deadline deadline("the settings of " + node, limits::command, clock);
  const CommandResult result = shell.run(node, state_script(family, borrowed.switched), deadline, stop);
  return with_frame("the settings of " + node, [&] { return parse_state(family, result.output, borrowed.switched); });
}

// What is still to be done after as many passes as it may take.
std::vector<std::string> put_back(NodeShell& shell, Clock& clock, const Borrowed& borrowed,
                                  const std::stop_token& stop) {
  const std::string& node = borrowed.node;
  if (!borrowed.state || is_empty(borrowed.switched)) return {};
  std::string errors;
  std::vector<std::string> commands;
  for (int pass = 0; pass < most_passes; ++pass) {
    const KeptState now = read_state(shell, clock, borrowed, stop);
    if (now.boot_id != borrowed.state->boot_id) return {};  // its own configuration holds again
    commands = commands_back(family_of(borrowed.login.system), *borrowed.state, now);
    if (commands.empty()) return {};
    errors.clear();
    for (const std::string& command : commands) {
      const CommandResult result =
          shell.run(node, command, Deadline("putting back on " + node, limits::command, clock), stop);
      if (result.exit_status != 0) errors += without_last_ends_of_line(result.errors) + " ";
    }
  }
  if (!errors.empty()) commands.push_back("# " + without_last_ends_of_line(errors));
  return commands;
}

}  // namespace

void lock_machine(NodeShell& shell, Clock& clock, const Borrowed& borrowed, const std::stop_token& stop) {
  const std::string& node = borrowed.node;
  const GuestFamily& family = family_of(borrowed.login.system);
  const std::string script = fmt::format(
      "{}if e=$(mkdir $d 2>&1); then echo {} > $d/owner || {{ rm -r $d; exit 1; }}; "
      "elif [ -d $d ]; then cat $d/owner; exit {}; else echo \"$e\" >&2; exit 1; fi",
      family.lock_folder(), shell_quoted(owner_line(borrowed)), taken_status);
  const CommandResult result = shell.run(node, script, Deadline("the lock of " + node, limits::command, clock), stop);
  if (result.exit_status == 0) return;
  if (result.exit_status != taken_status)
    throw Error(fmt::format("'{}' cannot be locked: {}", node, without_last_ends_of_line(result.errors)),
                fmt::format("is the file system of {} full there, or read-only?", family.lock_name()));
  const std::string owner = without_last_ends_of_line(result.output);
  const auto blank = owner.find(' ');
  throw Error(fmt::format("'{}' is in use by {}", node, blank == std::string::npos ? owner : owner.substr(blank + 1)),
              fmt::format("wait until it is given back; where that run was killed, `offlab put-back` on its host. If "
                          "that host is gone: look at the machine's settings, and rm -r {} there",
                          family.lock_name()));
}

std::vector<std::string> give_back(NodeShell& shell, Clock& clock, const Borrowed& borrowed,
                                   const std::stop_token& stop) {
  const std::string& node = borrowed.node;
  std::vector<std::string> left = put_back(shell, clock, borrowed, stop);
  if (!left.empty()) return left;
  const GuestFamily& family = family_of(borrowed.login.system);
  const std::string script = fmt::format("{}; {}if grep -q '^{} ' $d/owner 2> /dev/null; then rm -r $d; fi",
                                         family.remove_tools(), family.lock_folder(), borrowed.id);
  const CommandResult result = shell.run(node, script, Deadline("freeing " + node, limits::command, clock), stop);
  if (result.exit_status != 0)
    left.push_back(fmt::format("rm -r {}  # ", family.lock_name()) + without_last_ends_of_line(result.errors));
  return left;
}

void BorrowedMachines::begin(const std::vector<NodePlan>& nodes, const std::stop_token& stop) {
  for (const NodePlan& node : nodes) {
    entries_.push_back(std::make_unique<JournalEntry>(journal_, Borrowed{.id = random_id(),
                                                                         .node = node.name,
                                                                         .run = run_,
                                                                         .since = now_in_words(),
                                                                         .login = *node.existing,
                                                                         .switched = node.switched}));
    JournalEntry& entry = *entries_.back();
    try {
      lock_machine(shell_, clock_, entry.borrowed(), stop);
    } catch (...) {  // whatever is there is somebody else's
      entry.close();
      entries_.pop_back();
      throw;
    }
    entry.write(read_state(shell_, clock_, entry.borrowed(), stop));
  }
}

BorrowedMachines::~BorrowedMachines() {
  for (const auto& entry : entries_) give_one_back(*entry);
}

void BorrowedMachines::give_one_back(JournalEntry& entry) {
  const Borrowed& borrowed = entry.borrowed();
  try {
    // What went wrong may have been the connection.
    shell_.connect(borrowed.node, Deadline("ssh on " + borrowed.node, limits::reached, clock_), {});
    const std::vector<std::string> left = give_back(shell_, clock_, borrowed, {});
    if (left.empty()) return entry.close();
    tell(fmt::format("'{}' ({}) is not as it was; by hand: {}", borrowed.node, borrowed.login.address,
                     fmt::join(left, "; ")));
  } catch (const std::exception& error) {
    tell(fmt::format("'{}' ({}) could not be given back: {}; the next run does it, or `offlab put-back`", borrowed.node,
                     borrowed.login.address, error.what()));
  }
}

// Whoever listened may be gone; the machines after this one are put back all the same.
void BorrowedMachines::tell(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
  try {
    observer_.on(event::Note{text});
  } catch (const std::exception&) {
    return;  // it is in the worker's log
  }
}

std::vector<Recovery> recover_machines(const std::filesystem::path& journal, const ShellMaker& make, Clock& clock,
                                       std::vector<std::string>& damaged, const std::stop_token& stop) {
  std::vector<Recovery> all;
  for (const auto& entry : left_over(journal, damaged)) {
    const Borrowed& borrowed = entry->borrowed();
    Recovery recovery{borrowed.node, borrowed.login.address, borrowed.run, borrowed.since};
    try {
      const auto shell = make(borrowed.node, borrowed.login);
      shell->connect(borrowed.node, Deadline("ssh on " + borrowed.node, limits::reached, clock), stop);
      recovery.left = give_back(*shell, clock, borrowed, stop);
      if (recovery.left.empty()) entry->close();
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      recovery.trouble = error.what();
      if (borrowed.state) recovery.left = commands_of(family_of(borrowed.login.system), *borrowed.state);
    }
    all.push_back(std::move(recovery));
  }
  return all;
}

std::string describe(const Recovery& recovery) {
  const std::string what =
      fmt::format("'{}' ({}), left by run {} since {}", recovery.node, recovery.address, recovery.run, recovery.since);
  const std::string by_hand = recovery.left.empty() ? "" : fmt::format("; by hand: {}", fmt::join(recovery.left, "; "));
  if (!recovery.trouble.empty()) return fmt::format("{}: not put back: {}{}", what, recovery.trouble, by_hand);
  if (!recovery.left.empty()) return fmt::format("{}: not put back{}", what, by_hand);
  return what + ": put back as it was";
}

}  // namespace offlab
