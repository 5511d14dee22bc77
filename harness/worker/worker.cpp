#include "worker/worker.h"

#include <csignal>
#include <optional>

#include <unistd.h>

#include "family/guest_family.h"
#include "host/linux_fabric.h"
#include "host/linux_injection.h"
#include "host/linux_observation.h"
#include "lab/probe_boot.h"
#include "libvirt/libvirt_hypervisor.h"
#include "plan/deadlines.h"
#include "process/isolation.h"
#include "process/processors.h"
#include "process/stop_signals.h"
#include "record/worker_request.h"
#include "runner/record_lab.h"
#include "ssh/guest_target.h"
#include "ssh/lab_keys.h"
#include "ssh/ssh_node_shell.h"
#include "worker/control_server.h"
#include "worker/dhcp_server.h"
#include "worker/guest_disks.h"
#include "worker/guest_user.h"
#include "worker/lifeline.h"
#include "worker/log_keeper.h"
#include "worker/voice.h"
#include "worker/warm_start.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using GuestKeys = std::map<std::string, LabKeys>;  // by node

GuestKeys keys_of(const WorkerRequest& request) {
  GuestKeys keys;
  for (const NodePlan& node : request.lab.nodes)
    keys[node.name] = guest_keys(lab_paths::keys, guest_key_name(node.name, request.images.at(image_key(node)).digest));
  return keys;
}

std::map<std::string, BootFiles> boot_files(const WorkerRequest& request, const GuestKeys& keys,
                                            const GuestUser& user) {
  std::map<std::string, BootFiles> files;
  for (const NodePlan& node : request.lab.nodes) {
    const WorkerImage& image = request.images.at(image_key(node));
    if (node.disk)
      files[node.name] = disk_boot_files(node, image, keys.at(node.name), user);
    else
      files[node.name] = {fs::path(lab_paths::boot) / image.kernel, fs::path(lab_paths::boot) / image.initrd,
                          keys_for_guest(node.name, keys.at(node.name), user)};
  }
  return files;
}

std::map<std::string, SshTarget> targets(const WorkerRequest& request, const GuestKeys& keys) {
  std::map<std::string, SshTarget> all;
  for (const NodePlan& node : request.lab.nodes)
    all[node.name] =
        node_target(request.lab, node, keys.at(node.name),
                    {fs::path(lab_paths::disks) / node.name, family_of(SystemKind::gnu_linux).tool_path()});
  return all;
}

OuterPaths outer_paths(const fs::path& run_folder, const fs::path& cache_folder, const std::string& logs) {
  OuterPaths paths;
  paths.name(fs::path(lab_paths::boot) / "images", cache_folder / "images");
  paths.name(lab_paths::logs, run_folder / logs);
  paths.name(lab_paths::cache, cache_folder);
  paths.name(lab_paths::out, run_folder);
  return paths;
}

void serve(const WorkerRequest& request, Hypervisor& hypervisor, const RunFolder& folder, WorkerTask task,
           const GuestUser& user, const OuterPaths& paths, const std::stop_token& stop, RelayObserver& observer,
           Lifeline& lifeline) {
  const auto versions = hypervisor.versions();
  const LabAttempt attempt{request.lab.name, request.attempt};
  Environment environment = folder.read_lab_environment(attempt);
  environment.host.insert(versions.begin(), versions.end());
  folder.write_lab_environment(attempt, environment);
  const GuestKeys keys = keys_of(request);
  std::map<std::string, BootFiles> files = boot_files(request, keys, user);  // and what opens disks
  SshNodeShell shell(targets(request, keys));
  const DhcpServer dhcp(request.lab);
  LinuxFabric fabric;
  LinuxInjection injection;
  LinuxObservation observation;
  std::optional<WarmStates> saved;
  if (!request.cold)
    saved.emplace(warm_states(lab_paths::cache, request, versions,
                              [&](const std::string& node) { return public_keys(keys.at(node)); }));
  SteadyClock clock;
  Lab lab(request.lab, {hypervisor, shell, fabric, injection, observation, observer, clock, saved ? &*saved : nullptr},
          request.accelerator, std::move(files), lab_paths::logs, stop);
  if (task == WorkerTask::stay)
    serve_lab(lab, folder, paths, observer, stop);
  else if (request.by_case)
    record_lab(lab, request.lab, folder, observer, [&] {
      const auto line = lifeline.wait_for_line(stop);
      return line ? std::optional(case_request_from_json(*line)) : std::nullopt;
    });
  else
    record_lab(lab, request.lab, folder, observer);
}

// The guest's init powers off at once when its kernel command line says "offlab.probe".
message::Probed try_boot(const WorkerRequest& request, Hypervisor& hypervisor, const fs::path& logs,
                         const std::stop_token& stop) {
  const WorkerImage& image = request.images.begin()->second;
  DomainSpec spec;
  spec.name = "probe";
  spec.accelerator = request.accelerator;
  spec.kernel = fs::path(lab_paths::boot) / image.kernel;
  spec.initrd = fs::path(lab_paths::boot) / image.initrd;
  spec.command_line = "console=ttyS0 quiet panic=-1 offlab.probe";
  spec.serial_log = logs / "probe.serial.log";
  const BootProbe result = probe_boot(hypervisor, spec, Deadline("the KVM probe", limits::probe), stop);
  return {result.booted, result.reason};
}

}  // namespace

// Keeps the lab on its processors: QEMU comes up on all of the host's.
class PinningObserver : public Observer {
 public:
  PinningObserver(std::vector<unsigned> cpus, Observer& next) : cpus_(std::move(cpus)), next_(next) { pin(); }

  void on(const Event& event) override {
    if (std::holds_alternative<event::LabStage>(event.what)) pin();
    next_.on(event);
  }

 private:
  void pin() const {
    if (!cpus_.empty()) pin_all_processes(cpus_);
  }

  std::vector<unsigned> cpus_;
  Observer& next_;
};

int run_worker(const fs::path& run_folder, const fs::path& cache_folder, WorkerTask task) {
  Voice voice;
  return voice.guard([&] {
    enter_lab(run_folder, cache_folder);
    StopSignals signals({SIGTERM});
    voice.say_hello();
    Lifeline lifeline(STDIN_FILENO, limits::end);
    const WorkerRequest request =
        worker_request_from_json(lifeline.next_line(Deadline("the request", limits::request)));
    const RunFolder folder{fs::path(lab_paths::out)};
    const fs::path logs = folder.make_folder(lab_folder({request.lab.name, request.attempt}));
    fs::create_directory_symlink(logs, lab_paths::logs);
    OuterPaths paths = outer_paths(run_folder, cache_folder, lab_folder({request.lab.name, request.attempt}));
    for (const NodePlan& node : request.lab.nodes)
      if (node.disk && !node.disk->login.key_file.empty())
        paths.name(login_key_of(fs::path(lab_paths::disks) / node.name), node.disk->login.key_file);
    voice.use(paths);
    const GuestUser user = choose_guest_user(request.accelerator);
    const std::string uri =
        prepare_embedded_libvirt(lab_paths::libvirt, fs::path(lab_paths::cache) / "libvirt", logs / "libvirt", user);
    const LogKeeper keeper({logs, logs / "libvirt/qemu"});
    PinningObserver pinned(request.cpus, voice);
    RelayObserver observer(pinned);
    observer.on(event::LabStage{"hypervisor"});
    LibvirtHypervisor hypervisor(uri, logs / "libvirt", observer);
    hypervisor.make_overlays_with(
        [user](const DomainDisk& disk, const std::string& saved) { make_overlay(disk, saved, user); });
    if (task == WorkerTask::probe)
      voice.say(try_boot(request, hypervisor, logs, signals.token()));
    else
      serve(request, hypervisor, folder, task, user, paths, signals.token(), observer, lifeline);
  });
}

}  // namespace offlab
