#include <ctime>
#include <map>
#include <mutex>

#include <fmt/chrono.h>
#include <fmt/ranges.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "cli/lab_commands.h"
#include "host/tap_control.h"
#include "lab/parallel.h"
#include "lab/serial_log.h"
#include "plan/lab_memory.h"
#include "process/isolation.h"
#include "process/running_lab.h"
#include "session/paths.h"
#include "ssh/guest_target.h"
#include "staying/guest_access.h"

namespace offlab {
namespace {

constexpr int error_status = 3;
constexpr auto answer_limit = std::chrono::seconds(3);

struct Answer {
  bool came = false;
  std::string text;
};

Answer ask(const LabEntry& entry, const NodePlan& node) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    if (!guest_runs(node)) throw Error("has ended");
    const SshSession session(target_of(entry, node), Deadline("ssh on " + node.name, answer_limit), {});
    const double seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
    return {true, fmt::format("answers ({:.0f} ms)", seconds * 1000)};
  } catch (const Error& error) {
    return {false, fmt::format("DOES NOT ANSWER: {}; its serial log ends: {}", error.what(),
                               serial_tail(serial_log_of(lab_paths::out, entry, node.name)))};
  }
}

std::string tap_text(const NodePlan& node, const NicPlan& nic, const LiveState& live) {
  if (!guest_runs(node)) return "gone";
  const auto features = device_features(nic.tap);
  const bool tso = features.at("tx-tcp-segmentation");
  const auto known = live.taps.find(nic.tap);
  const bool forced = known != live.taps.end() && known->second.forced != HypervisorLro::off;
  return fmt::format("takes coalesced packets: {}{}", tso ? "yes" : "no",
                     !forced ? ""
                             : fmt::format(", hypervisor.lro={}{}", to_string(known->second.forced),
                                           tso ? "" : ", HEALED by its guest"));
}

void tell_nics(const NodePlan& node, const LiveState& live) {
  for (const NicPlan& nic : node.nics) {
    const auto found = live.nics.find({node.name, nic.network});
    std::string state;
    if (found != live.nics.end()) {
      const auto lro = found->second.features.find(std::string(feature_lro));
      state = fmt::format("mtu {}, lro {}", found->second.mtu,
                          lro == found->second.features.end() ? "fixed" : (lro->second ? "on" : "off"));
    }
    clean_print(stdout, "    {:<10} {:<8} {:<22} tap {:<15} {}\n", nic.network, to_string(nic.model), state, nic.tap,
                tap_text(node, nic, live));
  }
}

void tell_lab(const LabEntry& entry) {
  clean_print(stdout, "lab '{}': up since {:%Y-%m-%d %H:%M:%S} UTC, {}, {} MiB of memory reserved\n", entry.name,
              fmt::gmtime(static_cast<std::time_t>(entry.started)), entry.accelerator,
              lab_memory(entry.plan).bytes / 1024 / 1024);
  clean_print(stdout, "  file {}, machines{} of case '{}'\n", entry.file, entry.case_settings ? " and settings" : "",
              entry.case_id);
  // The last of each.
  std::map<std::string, std::string> last;
  for (const auto& [key, value] : entry.set) last[key] = value;
  std::vector<std::string> settings;
  for (const auto& [key, value] : last) settings.push_back(clean_format("{}={}", key, value));
  if (!settings.empty()) fmt::print("  set since: {}\n", fmt::join(settings, " "));
}

}  // namespace

int status_command(const std::string& name) {
  const ChosenLab lab = choose_lab(LabRegistry(cache_folder()), name);
  const LabEntry& entry = lab.entry;
  const LiveState live = read_live_state(lab.folder);
  const Topology topology = running_topology(entry, lab.folder);
  enter_running_lab(entry.init, entry.name);
  std::mutex mutex;
  std::map<std::string, Answer> answers;
  for_each_at_once(entry.plan.nodes, [&](const NodePlan& node) {
    Answer answer = ask(entry, node);
    const std::lock_guard lock(mutex);
    answers[node.name] = std::move(answer);
  });
  tell_lab(entry);
  bool all_answer = true;
  for (const NodePlan& node : entry.plan.nodes) {
    const Node* model = find_node(topology, node.name);
    clean_print(stdout, "  {} ({}, {} vcpu, {} MiB): {}\n", node.name, model == nullptr ? "?" : to_string(model->role),
                node.vcpus, node.memory_mib, answers.at(node.name).text);
    tell_nics(node, live);
    all_answer = all_answer && answers.at(node.name).came;
  }
  return all_answer ? 0 : error_status;
}

}  // namespace offlab
