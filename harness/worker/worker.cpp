#include "worker/worker.h"

#include <csignal>

#include <unistd.h>

#include "lab/probe_boot.h"
#include "libvirt/libvirt_hypervisor.h"
#include "plan/deadlines.h"
#include "process/isolation.h"
#include "process/processors.h"
#include "process/stop_signals.h"
#include "record/worker_request.h"
#include "worker/control_server.h"
#include "worker/guest_disks.h"
#include "worker/guest_user.h"
#include "worker/lifeline.h"
#include "worker/log_keeper.h"
#include "worker/serve_request.h"
#include "worker/voice.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

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
    const OuterPaths paths = outer_paths(request, run_folder, cache_folder);
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
      serve_request(request, {hypervisor, user, paths, observer, lifeline, task == WorkerTask::stay}, signals.token());
  });
}

}  // namespace offlab
