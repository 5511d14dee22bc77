#include "worker/existing_worker.h"

#include <algorithm>
#include <csignal>
#include <set>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/error.h"
#include "family/guest_family.h"
#include "lab/disk_guest.h"
#include "lab/parallel.h"
#include "machine/borrowed_machines.h"
#include "machine/remote_observation.h"
#include "plan/deadlines.h"
#include "process/stop_signals.h"
#include "record/worker_request.h"
#include "runner/record_lab.h"
#include "ssh/ssh_node_shell.h"
#include "worker/existing_access.h"
#include "worker/lifeline.h"
#include "worker/machine_shell.h"
#include "worker/voice.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Nothing of it is ours to start.
class NoHypervisor : public Hypervisor {
 public:
  void start(const DomainSpec& spec) override { refuse(spec.name); }
  void save(const DomainSpec& spec, const std::string&) override { refuse(spec.name); }
  void restore(const DomainSpec& spec, const std::string&) override { refuse(spec.name); }
  void destroy(const std::string&) override {}
  double cpu_seconds(const std::string& name) override { refuse(name); }
  void on_stopped(StopListener) override {}
  std::map<std::string, std::string> versions() override { return {}; }

 private:
  [[noreturn]] static void refuse(const std::string& name) {
    throw Error(fmt::format("'{}' exists already: offlab does not run it", name));
  }
};

// Nor to join.
class NoFabric : public Fabric {
 public:
  void create_bridge(const std::string& name, Mtu, bool) override { refuse(name); }
  void add_address(const std::string& bridge, const std::string&) override { refuse(bridge); }
  void create_stage(const MergeStage& stage) override { refuse(stage.wire_port); }
  void move_port(const std::string& tap, const std::string&) override { refuse(tap); }

 private:
  [[noreturn]] static void refuse(const std::string& name) {
    throw Error(fmt::format("'{}' belongs to networks that exist already", name));
  }
};

class NoInjection : public Injection {
 public:
  void set_offload_word(const std::string& tap, OffloadWord) override { refuse(tap); }
  void set_merging(const std::string& wire_port, const std::string&, StageMode) override { refuse(wire_port); }

 private:
  [[noreturn]] static void refuse(const std::string& name) {
    throw Error(fmt::format("the hypervisor's side of '{}' is not ours to switch", name));
  }
};

Mtu mtu_of(const NodePlan& node, const std::string& device) {
  for (const GuestState::Nic& nic : node.expected.nics)
    if (nic.device == device) return nic.mtu;
  return {};
}

std::vector<RemoteNic> nics_of(const LabPlan& lab) {
  std::vector<RemoteNic> nics;
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics) {
      const bool inside = !nic.capture;
      nics.push_back({.tap = nic.tap,
                      .node = node.name,
                      .device = nic.device,
                      .captured_on = inside ? node.name : shell_name(*nic.capture),
                      .captured_as = inside ? nic.device : nic.capture->interface,
                      .system = system_of(node),
                      .mtu = mtu_of(node, nic.device),
                      .by_pktcap = !inside && nic.capture->is_esxi});
    }
  return nics;
}

RemoteCaptureOptions capture_options(const LabPlan& lab) {
  RemoteCaptureOptions options{{}, std::chrono::seconds(60)};
  std::set<std::uint16_t> ports;
  for (const CasePlan& one : lab.cases)
    for (const LegPlan& leg : one.legs)
      for (const Step& step : leg.steps)
        if (const auto* transfer = std::get_if<step::Transfer>(&step)) {
          ports.insert({transfer->port, transfer->listening_port});
          options.longest =
              std::max(options.longest,
                       std::chrono::duration_cast<std::chrono::seconds>(limits::of(step) + limits::command * 4));
        }
  options.ports.assign(ports.begin(), ports.end());
  return options;
}

// A machine that is needed now must be as it was; of others it is only said.
void put_back_earlier(const fs::path& journal, const LabPlan& lab, Clock& clock, Observer& observer,
                      const std::stop_token& stop) {
  std::vector<std::string> damaged;
  for (const Recovery& one : recover_machines(journal, machine_shell, clock, damaged, stop)) {
    observer.on(event::Note{describe(one)});
    const bool is_needed = std::any_of(lab.nodes.begin(), lab.nodes.end(),
                                       [&](const NodePlan& node) { return node.existing->address == one.address; });
    if (!one.is_done() && is_needed) throw Error(describe(one), "put it back first: offlab put-back");
  }
  for (const std::string& file : damaged) observer.on(event::Note{"the journal of a run cannot be read: " + file});
}

void connect_machines(const LabPlan& lab, NodeShell& shell, Clock& clock, Observer& observer,
                      const std::stop_token& stop) {
  observer.on(event::LabStage{"machines"});
  for_each_at_once(lab.nodes, [&](const NodePlan& node) {
    const Clock::Time begin = clock.now();
    with_frame(fmt::format("machine '{}' ({})", node.name, node.existing->address),
               [&] { shell.connect(node.name, Deadline("ssh on " + node.name, limits::reached, clock), stop); });
    observer.on(event::NodeReady{node.name, Seconds(clock.now() - begin).count(), false});
  });
}

// Scripts of other families are beside the one of Linux.
GuestTool tool_for(const NodePlan& node, const WorkerRequest& request) {
  const std::string script = family_of(system_of(node)).state_script();
  if (script.empty()) return {request.tool, request.tool_fallback};
  return {fs::path(request.tool_fallback).parent_path() / script, ""};
}

void warn(const WorkerRequest& request, Observer& observer) {
  for (const NodePlan& node : request.lab.nodes)
    if (const std::string warning = family_of(system_of(node)).warning(); !warning.empty() && request.attempt == 1)
      observer.on(event::Note{fmt::format("'{}' {}", node.name, warning)});
}

void serve(const WorkerRequest& request, const fs::path& run_folder, const fs::path& cache_folder, Observer& observer,
           Lifeline& lifeline, const std::stop_token& stop) {
  SteadyClock clock;
  const fs::path journal = journal_folder(cache_folder);
  warn(request, observer);
  put_back_earlier(journal, request.lab, clock, observer, stop);
  const RunFolder folder{run_folder};
  const fs::path logs = folder.make_folder(lab_folder({request.lab.name, request.attempt}));
  SshNodeShell shell(targets_of(request.lab));
  connect_machines(request.lab, shell, clock, observer, stop);
  connect_capture_hosts(request.lab, shell, clock, stop);
  BorrowedMachines borrowed(shell, clock, observer, journal, run_folder.filename());
  borrowed.begin(request.lab.nodes, stop);
  NoHypervisor hypervisor;
  NoFabric fabric;
  NoInjection injection;
  RemoteObservation observation(shell, clock, request.lab.observable, nics_of(request.lab),
                                capture_options(request.lab));
  std::map<std::string, BootFiles> files;
  for (const NodePlan& node : request.lab.nodes) files[node.name].tool = tool_for(node, request);
  Lab lab(request.lab, {hypervisor, shell, fabric, injection, observation, observer, clock}, request.accelerator,
          std::move(files), logs, stop);
  record_lab(lab, request.lab, folder, observer, [&] {
    const auto line = lifeline.wait_for_line(stop);
    return line ? std::optional(case_request_from_json(*line)) : std::nullopt;
  });
}

}  // namespace

int run_existing_worker(const fs::path& run_folder, const fs::path& cache_folder) {
  // It has to put back what it switched, whoever hears of it: its stdin tells of the end.
  prctl(PR_SET_PDEATHSIG, 0);
  std::signal(SIGPIPE, SIG_IGN);
  Voice voice;
  return voice.guard([&] {
    StopSignals signals({SIGTERM});
    voice.say_hello();
    Lifeline lifeline(STDIN_FILENO, limits::give_back);
    const WorkerRequest request =
        worker_request_from_json(lifeline.next_line(Deadline("the request", limits::request)));
    serve(request, run_folder, cache_folder, voice, lifeline, signals.token());
  });
}

}  // namespace offlab
