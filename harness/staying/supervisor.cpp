#include "staying/supervisor.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "cache/memory_reservation.h"
#include "executor/worker_stream.h"
#include "plan/lab_memory.h"
#include "plan/live_steps.h"
#include "process/stop_signals.h"
#include "record/event_json.h"
#include "session/preflight.h"
#include "staying/control_connection.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

constexpr int error_status = 3;
// Beyond the worker's own deadlines; only a worker that hangs itself gets this far.
constexpr auto start_limit = seconds(240);
constexpr auto first_settings_limit = seconds(60);
constexpr auto longest_life = hours(24 * 365 * 10);
constexpr ByteCount disk_for_a_lab{50'000'000};  // logs

// Into the lab's events.jsonl, and to whoever waits for the lab.
class ProgressObserver : public Observer {
 public:
  ProgressObserver(const RunFolder& folder, UniqueFd progress) : folder_(folder), progress_(std::move(progress)) {}

  void on(const Event& event) override {
    const std::lock_guard lock(mutex_);
    folder_.append_event(event);
    const std::string line = event_to_line(event) + "\n";
    if (progress_) send(progress_.get(), line.data(), line.size(), MSG_NOSIGNAL);
  }
  int descriptor() const { return progress_.get(); }
  void close() {
    const std::lock_guard lock(mutex_);
    progress_.reset();
  }

 private:
  const RunFolder& folder_;
  std::mutex mutex_;
  UniqueFd progress_;
};

// Asks this process to end when the reader of the progress is gone.
std::jthread watch_reader(int progress) {
  return std::jthread([progress](const std::stop_token& enough) {
    while (!enough.stop_requested()) {
      pollfd one{progress, POLLRDHUP, 0};
      if (poll(&one, 1, 100) != 1) continue;
      kill(getpid(), SIGTERM);
      return;
    }
  });
}

// Nothing of the terminal, and of whoever started us, stays open: pipes would never end, file systems never unmount.
void leave_terminal(const fs::path& log, std::vector<int> keep) {
  setsid();
  const int nothing = open("/dev/null", O_RDWR);
  const int errors = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
  dup2(errors < 0 ? nothing : errors, STDERR_FILENO);
  std::sort(keep.begin(), keep.end());
  unsigned next = STDERR_FILENO + 1;
  for (const int kept : keep) {
    const auto number = static_cast<unsigned>(kept);
    if (number > next) close_range(next, number - 1, 0);
    next = number + 1;
  }
  close_range(next, ~0U, 0);
}

class Supervisor {
 public:
  explicit Supervisor(SupervisorTask& task)
      : task_(task),
        registry_(task.cache),
        folder_(task.claim.folder),
        observer_(folder_, std::move(task.progress)),
        signals_({SIGINT, SIGTERM, SIGHUP}) {}

  int run() {
    const int status = observed([&] {
      const std::jthread watch = watch_reader(observer_.descriptor());
      start();
    });
    if (status == 0) {  // from here on the lab does not depend on the reader any more
      observer_.on(event::LabStage{entry_.name, lab_is_up, ""});
      observer_.close();
      fs::current_path("/");
      observed([&] { keep_up(); });
    }
    if (worker_) worker_->kill_now();
    worker_.reset();
    registry_.remove(task_.claim.name);
    return status;
  }

 private:
  template <typename Action>
  int observed(Action action) {
    try {
      action();
      return 0;
    } catch (const Interrupted&) {
      return 128 + SIGTERM;
    } catch (const Error& error) {
      observer_.on(event::LabFailed{error.what(), error.remedy()});
    } catch (const std::exception& error) {
      observer_.on(event::LabFailed{error.what(), ""});
    }
    return error_status;
  }

  void start() {
    register_lab();
    check_host(folder_.path(), disk_for_a_lab);
    memory_.emplace(task_.cache, MemoryClaim{fmt::format("lab '{}'", entry_.name), lab_memory(entry_.plan)},
                    host_memory());
    const PreparedHost host =
        prepare_host(task_.recipes, task_.cache, folder_.path(), task_.accelerator, observer_, signals_.token());
    folder_.write_environment(host.environment);
    keep_files(task_.blueprint.files, folder_);
    start_worker(host);
    ask_lab(folder_.path(), control::Set{first_steps(task_.blueprint.base, entry_.plan)},
            Deadline("the lab's first settings", first_settings_limit), observer_, signals_.token());
    entry_.state = LabState::up;
    registry_.write(entry_);
  }

  void register_lab() {
    const LabBlueprint& blueprint = task_.blueprint;
    entry_.name = task_.claim.name;
    entry_.file = blueprint.file;
    entry_.case_id = blueprint.case_id;
    entry_.axes = blueprint.axes;
    entry_.case_settings = blueprint.case_settings;
    entry_.supervisor = getpid();
    entry_.started = std::time(nullptr);
    entry_.plan = blueprint.plan;
    entry_.plan.name = entry_.name;
    registry_.write(entry_);
  }

  void start_worker(const PreparedHost& host) {
    worker_.emplace(spawn_isolated({"worker", "--stay", folder_.path().string(), task_.cache.string()}, Isolation::lab,
                                   folder_.path() / "worker.log"),
                    signals_.token());
    entry_.init = worker_->pid();
    entry_.accelerator = host.environment.host.at("accel");
    registry_.write(entry_);
    const WorkerRequest request{entry_.plan, host.accelerator, host.worker_images, task_.cold};
    worker_->send(worker_request_to_json(request), Deadline("the worker's start", seconds(30)));
    const Deadline deadline(fmt::format("the start of lab '{}'", entry_.name), start_limit);
    while (const auto event = worker_->next(deadline)) {
      if (const auto* failed = std::get_if<event::LabFailed>(&*event)) throw Error(failed->reason, failed->remedy);
      observer_.on(*event);
      const auto* stage = std::get_if<event::LabStage>(&*event);
      if (stage != nullptr && stage->stage == event::lab_ready) return;
    }
    throw Error(fmt::format("the worker of lab '{}' died", entry_.name));
  }

  void keep_up() {
    const Deadline deadline(fmt::format("the end of lab '{}'", entry_.name), longest_life);
    while (const auto event = worker_->next(deadline)) observer_.on(*event);
  }

  SupervisorTask& task_;
  LabRegistry registry_;
  RunFolder folder_;
  ProgressObserver observer_;
  StopSignals signals_;
  LabEntry entry_;
  std::optional<MemoryReservation> memory_;
  std::optional<WorkerStream> worker_;
};

}  // namespace

int supervise(SupervisorTask task) {
  leave_terminal(task.claim.folder / "supervisor.log", {task.claim.lock.descriptor(), task.progress.get()});
  try {
    return Supervisor(task).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return error_status;
  }
}

}  // namespace offlab
