#include "staying/staying_lab.h"

#include <algorithm>
#include <csignal>
#include <functional>

#include <fmt/ranges.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/error.h"
#include "base/read_file.h"
#include "base/usage_error.h"
#include "executor/message_lines.h"
#include "plan/deadlines.h"
#include "process/stop_signals.h"
#include "record/live_state_json.h"
#include "session/accelerator.h"
#include "session/paths.h"
#include "staying/supervisor.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

LabClaim take_name(const LabRegistry& registry, const LabBlueprint& blueprint, const std::string& name) {
  if (name.empty()) return registry.claim_like(lab_name_from(blueprint.name));
  if (!is_lab_name(name))
    throw UsageError(fmt::format("error: --name {} is no name for a lab: letters, digits, '.', '_', '-'\n", name));
  auto claim = registry.claim(name);
  if (!claim)
    throw UsageError(
        fmt::format("error: there is a lab '{0}' already; end it with `offlab down {0}`, or name another\n", name));
  return std::move(*claim);
}

bool ended_within(int process, milliseconds limit) {
  pollfd one{process, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) == 1;
}

void end_process(int process, milliseconds grace) {
  syscall(SYS_pidfd_send_signal, process, SIGTERM, nullptr, 0);
  if (ended_within(process, grace)) return;
  syscall(SYS_pidfd_send_signal, process, SIGKILL, nullptr, 0);
  ended_within(process, seconds(1));
}

// The processes of a lab that lost its lock: those of its entry, and whatever works in its folder.
std::vector<ProcessId> processes_of(const RegisteredLab& lab) {
  std::vector<ProcessId> found;
  if (lab.entry) found = {lab.entry->supervisor, lab.entry->init};
  const std::string worker = std::string("worker") + '\0' + "--stay" + '\0' + lab.folder.string() + '\0';
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const ProcessId process = process_id(std::stoi(name));
    try {
      if (read_whole_file(entry.path() / "cmdline").find(worker) != std::string::npos) found.push_back(process);
    } catch (const Error&) {
      continue;  // it has ended
    }
  }
  return found;
}

void end_leftovers(const RegisteredLab& lab) {
  for (const ProcessId& one : processes_of(lab))
    if (const UniqueFd process = open_process(one)) end_process(process.get(), milliseconds(800));
}

// Shows the progress until the lab is up. An image may have to be built first.
void follow(int progress, const std::string& name, seconds memory_patience, Observer& observer) {
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  MessageLines lines;
  const Deadline deadline(fmt::format("the start of lab '{}'", name),
                          memory_patience + limits::image + limits::start(limits::longest_boot) * 2);
  while (const auto message = lines.next(progress, deadline, signals.token())) {
    if (const auto* failed = std::get_if<message::Failed>(&*message)) throw Error(failed->reason, failed->remedy);
    if (std::holds_alternative<message::LabUp>(*message)) return;
    if (const auto* event = std::get_if<Event>(&*message)) observer.on(*event);
  }
  throw Error(fmt::format("the supervisor of lab '{}' died", name));
}

std::string names_of(const std::vector<RegisteredLab>& labs) {
  std::vector<std::string> words;
  for (const RegisteredLab& lab : labs) words.push_back(fmt::format("{} ({})", lab.name, state_of(lab)));
  return words.empty() ? "start one with `offlab up FILE`" : fmt::format("there are {}", fmt::join(words, ", "));
}

}  // namespace

StartedLab start_staying_lab(const LabBlueprint& blueprint, const StayOptions& options, Observer& observer) {
  check_accelerator(options.accelerator);
  ImageRecipes recipes = recipes_of({blueprint.plan});
  const std::filesystem::path cache = cache_folder();
  const LabRegistry registry(cache);
  LabClaim claim = take_name(registry, blueprint, options.name);
  const std::string taken = claim.name;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw system_error("making a socket pair");
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  const pid_t supervisor = fork();
  if (supervisor < 0) throw system_error("starting the lab's supervisor");
  if (supervisor == 0) {
    ours.reset();
    _exit(supervise({blueprint, std::move(recipes), options.accelerator, options.cold, cache, std::move(claim),
                     std::move(theirs), options.with_caller, options.memory_patience}));
  }
  theirs.reset();
  claim.lock.release();
  try {
    follow(ours.get(), taken, options.memory_patience, observer);
  } catch (...) {
    end_process(open_process(process_id(supervisor)).get(), seconds(3));
    waitpid(supervisor, nullptr, 0);
    registry.remove(taken);
    throw;
  }
  if (!options.with_caller) ours.reset();
  return {taken, std::move(ours)};
}

std::string state_of(const RegisteredLab& lab) {
  if (!lab.alive) return "dead";
  return lab.entry && lab.entry->state == LabState::up ? "up" : "starting";
}

ChosenLab choose_lab(const LabRegistry& registry, const std::string& name) {
  const std::vector<RegisteredLab> labs = registry.labs();
  std::vector<const RegisteredLab*> fitting;
  for (const RegisteredLab& lab : labs)
    if (name.empty() ? state_of(lab) == "up" : lab.name == name) fitting.push_back(&lab);
  if (fitting.empty())
    throw UsageError(name.empty() ? fmt::format("error: no lab is up; {}\n", names_of(labs))
                                  : fmt::format("error: there is no lab '{}'; {}\n", name, names_of(labs)));
  if (fitting.size() > 1) throw UsageError(fmt::format("error: which lab? Name it with --lab; {}\n", names_of(labs)));
  const RegisteredLab& lab = *fitting.front();
  if (state_of(lab) != "up")
    throw UsageError(fmt::format("error: lab '{}' is {}{}\n", lab.name, state_of(lab),
                                 lab.alive ? ", not up yet" : "; `offlab gc` removes what is left of it"));
  return {*lab.entry, lab.folder};
}

void end_lab(const LabRegistry& registry, const RegisteredLab& lab) {
  if (lab.alive && !lab.entry) throw Error(fmt::format("lab '{}' is only just starting", lab.name), "try again");
  if (lab.alive) {
    if (lab.entry->supervisor.started == 0)
      throw Error(
          fmt::format("lab '{}' was started by an offlab that did not keep when its supervisor started", lab.name),
          fmt::format("look at process {}: if it is that `offlab up`, end it", lab.entry->supervisor.number));
    if (const UniqueFd process = open_process(lab.entry->supervisor)) end_process(process.get(), milliseconds(800));
  }
  end_leftovers(lab);
  registry.remove(lab.name);
}

std::vector<std::string> remove_dead_labs(const LabRegistry& registry) {
  std::vector<std::string> removed;
  for (const RegisteredLab& lab : registry.labs()) {
    if (lab.alive) continue;
    end_leftovers(lab);  // a supervisor that is left removes its lab itself
    removed.push_back(lab.name);
  }
  registry.remove_dead();
  return removed;
}

LiveState read_live_state(const std::filesystem::path& lab_folder) {
  return live_state_from_json(read_whole_file(lab_folder / "live.json"));
}

std::string how_to_use(const LabEntry& entry) {
  const auto& nodes = entry.plan.nodes;
  const auto under_test = std::find_if(nodes.begin(), nodes.end(), std::mem_fn(&NodePlan::device_under_test));
  const NodePlan& node = under_test == nodes.end() ? nodes.front() : *under_test;
  std::vector<std::string> names;
  for (const NodePlan& one : nodes) names.push_back(one.name);
  std::string text = fmt::format("lab '{}' is up: {} ({})\n", entry.name, fmt::join(names, ", "), entry.accelerator);
  const auto line = [&](const std::string& command, const std::string& what) {
    text += fmt::format("  offlab {:<44} # {}\n", command, what);
  };
  const std::string lab = "--lab " + entry.name;
  line(fmt::format("ssh {} {}", lab, node.name), "a shell in a guest");
  line(fmt::format("exec {} {} ip address", lab, node.name), "a command in it");
  line(fmt::format("console {} {}", lab, node.name), "its serial log");
  line(fmt::format("capture {} {} {} | tshark -r -", lab, node.name, node.nics.front().network), "frames as they pass");
  line(fmt::format("set {} {}.gro=off hypervisor.lro=passthrough", lab, node.name), "switch settings");
  line(fmt::format("status {}", entry.name), "how it is");
  line(fmt::format("down {}", entry.name), "end it");
  return text;
}

}  // namespace offlab
