#include "worker/hosted_worker.h"

#include <csignal>
#include <functional>

#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "host/outer_taps.h"
#include "hosted/hosted_hypervisor.h"
#include "libvirt/libvirt_hypervisor.h"
#include "libvirt/marked_domains.h"
#include "model/lab_host.h"
#include "plan/deadlines.h"
#include "plan/lab_places.h"
#include "process/isolation.h"
#include "process/stop_signals.h"
#include "record/run_folder.h"
#include "session/paths.h"
#include "worker/guest_disks.h"
#include "worker/log_keeper.h"
#include "worker/serve_request.h"
#include "worker/voice.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* uri = system_libvirt;
constexpr const char* libvirt_logs = "/var/log/libvirt";

HostedPlaces places_of(const MadeLab& made, const fs::path& logs, const GuestUser& user) {
  const fs::path boot = lab_paths::boot;
  return {.folders = {{boot / "images", made.sub_folder("images"), true},
                      {boot / "keys", made.sub_folder("keys")},
                      {lab_paths::disks, made.sub_folder("disks")}},
          .logs = logs,
          .user = user.user,
          .group = user.group};
}

// What libvirt says of a guest's QEMU goes into the run folder, and leaves the host's.
void move_logs(const WorkerRequest& request, const HostedHypervisor& hypervisor, const fs::path& logs) {
  std::error_code ignored;
  fs::create_directories(logs / "libvirt/qemu", ignored);
  for (const NodePlan& node : request.lab.nodes) {
    const fs::path theirs = fs::path(libvirt_logs) / "qemu" / (hypervisor.outer_name(node.name) + ".log");
    fs::copy_file(theirs, logs / "libvirt/qemu" / (node.name + ".log"), ignored);
    fs::remove(theirs, ignored);
  }
}

// Guests end with the connection; where that did not work, the folder stays for `offlab gc`. Their logs leave the host
// before the folder does: the journal in it is what names them.
void end_lab(MadeLab& made, Observer& observer, const std::function<void()>& move_logs) {
  try {
    MarkedDomains domains(uri);
    std::vector<std::string> ended;
    end_domains(made.uuid(), domains, ended);
    move_logs();  // libvirt has written the end of each domain into its log
    made.close();
  } catch (const std::exception& error) {
    move_logs();
    observer.on(event::Note{fmt::format("what this lab has on the host is still there: {}", error.what())});
  }
}

void serve(WorkerRequest request, MadeLab& made, UniqueFd network, const OuterPaths& paths, Voice& voice,
           Lifeline& lifeline, const std::stop_token& stop) {
  request.cold = true;
  const fs::path logs = lab_paths::logs;
  RelayObserver observer(voice);
  MarkedDomains others(uri);
  for (const LeftLab& one : remove_left_labs({.waits = false}, uri, others)) observer.on(event::Note{describe(one)});
  observer.on(event::LabStage{"hypervisor"});
  const OuterTaps taps(std::move(network));
  LibvirtHypervisor libvirt(uri, libvirt_logs, observer);
  HostedHypervisor* hosted = nullptr;
  const auto take_taps = [&](const DomainSpec& spec) {
    for (const DomainNic& nic : spec.nics) taps.take(nic.tap, hosted->nic_of(nic.tap));
  };
  const DomainOwner& owner = libvirt.share({.lab = made.uuid(), .cpus = cpu_list(request.cpus)}, take_taps);
  libvirt.make_overlays_with(
      [&](const DomainDisk& disk, const std::string& saved) { make_overlay(disk, saved, owner.user); });
  HostedHypervisor hypervisor(libvirt, made, places_of(made, logs, owner.user),
                              [&](const std::string& name) { return domain_uuid(name, &owner); });
  hosted = &hypervisor;
  const auto end = [&] {
    hypervisor.keep_logs();
    end_lab(made, observer, [&] { move_logs(request, hypervisor, logs); });
  };
  try {
    const LogKeeper keeper({made.sub_folder("logs")});
    serve_request(request, {hypervisor, owner.user, paths, observer, lifeline}, stop);
  } catch (...) {
    end();
    throw;
  }
  end();
}

}  // namespace

int run_hosted_worker(const fs::path& run_folder, const fs::path& cache_folder) {
  Voice voice;
  return voice.guard([&] {
    UniqueFd network = enter_hosted_lab(run_folder, cache_folder, hosted_folder);
    StopSignals signals({SIGTERM});
    voice.say_hello();
    Lifeline lifeline(STDIN_FILENO, limits::give_back);
    const WorkerRequest request =
        worker_request_from_json(lifeline.next_line(Deadline("the request", limits::request)));
    MadeLab made(
        hosted_labs_folder,
        {.lab = {}, .uri = uri, .owner = fmt::format("{}, process {}", request.owner, getpid()), .since = utc_now()});
    show_folder(made.sub_folder("keys"), fs::path(lab_paths::boot) / "keys");
    show_folder(made.sub_folder("disks"), lab_paths::disks);
    const fs::path logs =
        RunFolder(fs::path(lab_paths::out)).make_folder(lab_folder({request.lab.name, request.attempt}));
    fs::create_directory_symlink(logs, lab_paths::logs);
    const OuterPaths paths = outer_paths(request, run_folder, cache_folder);
    voice.use(paths);
    serve(request, made, std::move(network), paths, voice, lifeline, signals.token());
  });
}

}  // namespace offlab
