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

#include "base/clean_format.h"
#include "base/error.h"
#include "cache/memory_reservation.h"
#include "executor/worker_stream.h"
#include "plan/deadlines.h"
#include "plan/lab_memory.h"
#include "plan/live_steps.h"
#include "process/stop_signals.h"
#include "record/event_json.h"
#include "record/message.h"
#include "session/preflight.h"
#include "ssh/lab_keys.h"
#include "staying/control_connection.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr int error_status = 3;
constexpr auto longest_life = hours(24 * 365 * 10);
constexpr ByteCount disk_for_a_lab{50'000'000};  // logs

// Into the lab's events.jsonl, and to whoever waits for the lab.
class Progress : public Observer {
 public:
  Progress(const RunFolder& folder, UniqueFd progress) : folder_(folder), progress_(std::move(progress)) {}

  void on(const Event& event) override {
    folder_.append_event(event);
    say(event);
  }
  void say(const Message& message) {
    const std::lock_guard lock(mutex_);
    const std::string line = message_to_line(message) + "\n";
    if (progress_ && !silent_) send(progress_.get(), line.data(), line.size(), MSG_NOSIGNAL);
  }
  // Nothing is said any more; the socket stays open.
  void be_silent() {
    const std::lock_guard lock(mutex_);
    silent_ = true;
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
  bool silent_ = false;
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
        progress_(folder_, std::move(task.progress)),
        observer_({task.claim.name, 1}, progress_),
        signals_({SIGINT, SIGTERM, SIGHUP}) {}

  int run() {
    std::jthread watch = watch_reader(progress_.descriptor());
    const int status = observed([&] { start(); });
    if (!task_.with_reader) watch = {};
    if (status == 0) {
      progress_.say(message::LabUp{});
      if (!task_.with_reader) progress_.close();  // from here on the lab does not depend on the reader any more
      progress_.be_silent();
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
      fail({error.what(), error.remedy()});
    } catch (const std::exception& error) {
      fail({error.what(), ""});
    }
    return error_status;
  }

  void fail(const event::LabFailed& failure) {
    observer_.on(failure);
    progress_.say(message::Failed{failure.reason, failure.remedy});
  }

  void start() {
    register_lab();
    check_host(folder_.path(), disk_for_a_lab);
    reserve_memory();
    const PreparedHost host = prepare_host({entry_.plan}, task_.recipes, task_.cache, folder_.path(), task_.accelerator,
                                           "", observer_, signals_.token());
    folder_.write_environment(host.environment);
    folder_.write_lab_environment({entry_.name, 1}, host.environment);
    keep_files(task_.blueprint.files, folder_);
    start_worker(host);
    ask_lab(folder_.path(), control::Set{first_steps(task_.blueprint.base, entry_.plan)},
            Deadline("the lab's first settings", limits::settings + limits::margin), observer_, signals_.token());
    entry_.state = LabState::up;
    registry_.write(entry_);
  }

  void reserve_memory() {
    const MemoryClaim claim{fmt::format("lab '{}'", entry_.name), lab_memory(entry_.plan)};
    const Deadline deadline("memory", task_.memory_patience);
    for (bool told = false; !deadline.passed(); told = true) {
      if (labs_that_fit(host_memory(), memory_claims(task_.cache), claim.bytes) > 0) break;
      if (!told) observer_.on(event::Note{"waiting for memory that other labs hold"});
      Deadline("the next look at memory", milliseconds(200)).wait(signals_.token());
      if (signals_.asked()) throw Interrupted();
    }
    memory_.emplace(task_.cache, claim, host_memory());
  }

  void register_lab() {
    const LabBlueprint& blueprint = task_.blueprint;
    entry_.name = task_.claim.name;
    entry_.file = blueprint.file;
    entry_.case_id = blueprint.case_id;
    entry_.axes = blueprint.axes;
    entry_.case_settings = blueprint.case_settings;
    entry_.supervisor = process_id(getpid());
    entry_.started = std::time(nullptr);
    entry_.plan = blueprint.plan;
    entry_.plan.name = entry_.name;
    registry_.write(entry_);
  }

  void start_worker(const PreparedHost& host) {
    worker_.emplace(spawn_isolated({"worker", "--stay", folder_.path().string(), task_.cache.string()}, Isolation::lab,
                                   folder_.path() / "worker.log"),
                    signals_.token());
    entry_.init = process_id(worker_->pid());
    entry_.accelerator = host.environment.host.at("accel");
    for (const NodePlan& node : entry_.plan.nodes)
      entry_.guest_keys[node.name] = guest_key_name(node.name, host.worker_images.at(image_key(node)).digest);
    registry_.write(entry_);
    worker_->greet();
    worker_->send(worker_request_to_json({entry_.plan, host.accelerator, host.worker_images, task_.cold}));
    const Deadline deadline(fmt::format("the start of lab '{}'", entry_.name),
                            limits::start(limits::boot_of(entry_.plan)) + limits::margin);
    while (const auto message = worker_->next(deadline)) {
      if (const auto* failed = std::get_if<message::Failed>(&*message)) throw Error(failed->reason, failed->remedy);
      const auto* event = std::get_if<Event>(&*message);
      if (event == nullptr) continue;
      observer_.on(*event);
      const auto* stage = std::get_if<event::LabStage>(&event->what);
      if (stage != nullptr && stage->stage == event::lab_ready) return;
    }
    throw Error(fmt::format("the worker of lab '{}' died", entry_.name));
  }

  void keep_up() {
    const Deadline deadline(fmt::format("the end of lab '{}'", entry_.name), longest_life);
    while (const auto message = worker_->next(deadline)) {
      if (const auto* event = std::get_if<Event>(&*message)) observer_.on(*event);
      if (const auto* failed = std::get_if<message::Failed>(&*message)) throw Error(failed->reason, failed->remedy);
    }
  }

  SupervisorTask& task_;
  LabRegistry registry_;
  RunFolder folder_;
  Progress progress_;
  LabObserver observer_;
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
    clean_print(stderr, "error: {}\n", error.what());
    return error_status;
  }
}

}  // namespace offlab
