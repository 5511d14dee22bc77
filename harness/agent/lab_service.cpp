#include "agent/lab_service.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/error.h"
#include "cache/memory_reservation.h"
#include "plan/lab_memory.h"
#include "record/run_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

}  // namespace

LabService::LabService(WorkerRequest request, const std::string& environment, fs::path folder, fs::path cache,
                       AgentWriter& out)
    : request_(std::move(request)), folder_(std::move(folder)), cache_(std::move(cache)), out_(out) {
  const RunFolder run(folder_);
  run.write_text(lab_folder({request_.lab.name, request_.attempt}) + "/environment.json", environment);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

LabService::~LabService() {
  thread_.request_stop();
  thread_.join();
}

void LabService::ask(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (worker_ == nullptr)
    waiting_.push_back(line);
  else
    worker_->send(line);
}

void LabService::work(const std::stop_token& stop) {
  const std::string logs = lab_folder({request_.lab.name, request_.attempt});
  bool begun = false;  // before, it is the host that cannot, not the lab that broke
  try {
    const MemoryReservation memory(
        cache_, {fmt::format("lab '{}' of a run elsewhere", request_.lab.name), lab_memory(request_.lab)},
        host_memory());
    const Isolation isolation = request_.hosted ? Isolation::hosted : Isolation::lab;
    WorkerStream worker(
        spawn_isolated(worker_arguments(isolation, folder_, cache_), isolation, folder_ / logs / "worker.log"), stop,
        time_to_end(isolation));
    worker.greet();
    worker.send(worker_request_to_json(request_));
    begun = true;
    relay(worker);
  } catch (const Interrupted&) {
  } catch (const Error& error) {
    try {
      if (begun)
        out_.line(message_to_line(message::Failed{error.what(), error.remedy()}));
      else
        out_.say(agent::Refused{error.what(), error.remedy()});
    } catch (const Error&) {  // nobody is there
    }
  }
  try {
    send_folder(logs);
    for (const CasePlan& one : request_.lab.cases) send_folder(one.folder);
    if (!stop.stop_requested()) out_.say(agent::WorkerEnded{});
  } catch (const Error&) {  // likewise
  }
}

void LabService::relay(WorkerStream& worker) {
  struct Open {
    LabService& service;
    explicit Open(LabService& of, WorkerStream& worker) : service(of) {
      const std::lock_guard lock(of.mutex_);
      for (const std::string& line : of.waiting_) worker.send(line);
      of.waiting_.clear();
      of.worker_ = &worker;
    }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() {
      const std::lock_guard lock(service.mutex_);
      service.worker_ = nullptr;
    }
  } const open(*this, worker);
  // The run has the deadlines of every step, and ends the lab when one passes.
  while (const auto message = worker.next(Deadline("the worker", std::chrono::hours(24)))) {
    const auto* event = std::get_if<Event>(&*message);
    const auto* recorded = event == nullptr ? nullptr : std::get_if<event::CaseRecorded>(&event->what);
    if (recorded != nullptr)
      for (const CasePlan& one : request_.lab.cases)
        if (one.id == recorded->id) send_folder(one.folder);
    out_.line(message_to_line(*message));
  }
}

// Every file below it, which is removed then.
void LabService::send_folder(const std::string& folder) const {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / folder, none))
    if (entry.is_regular_file() && !entry.is_symlink()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& one : files) {
    out_.file(one, [&](std::uint64_t bytes) { return agent::File{one.lexically_relative(folder_).string(), bytes}; });
    fs::remove(one, none);
  }
}

}  // namespace offlab
