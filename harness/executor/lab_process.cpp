#include "executor/lab_process.h"

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Beyond what the worker's own deadlines allow; only a worker that hangs itself gets this far.
constexpr auto start_limit = seconds(240);
constexpr auto case_limit = seconds(180);

}  // namespace

LabProcessStarter::LabProcessStarter(std::filesystem::path run_folder, std::filesystem::path cache_folder,
                                     Accelerator accelerator, std::map<std::string, WorkerImage> images, bool cold,
                                     Observer& observer, std::stop_token stop)
    : run_folder_(std::move(run_folder)),
      cache_folder_(std::move(cache_folder)),
      accelerator_(accelerator),
      images_(std::move(images)),
      cold_(cold),
      observer_(observer),
      stop_(std::move(stop)) {}

std::unique_ptr<LabSession> LabProcessStarter::start(const LabPlan& plan) {
  const std::filesystem::path logs = run_folder_ / "labs" / plan.name;
  std::filesystem::create_directories(logs);
  auto worker = std::make_unique<WorkerStream>(
      spawn_isolated({"worker", run_folder_.string(), cache_folder_.string()}, Isolation::lab, logs / "worker.log"),
      stop_);
  worker->send(worker_request_to_json({plan, accelerator_, images_, cold_}),
               Deadline("the worker's start", seconds(30)));
  return std::make_unique<LabProcess>(std::move(worker), observer_);
}

CaseRecord LabProcess::perform(const CasePlan& plan) {
  const auto traffic = std::chrono::duration_cast<milliseconds>(Seconds(traffic_seconds(plan)));
  const Deadline deadline(fmt::format("case '{}'", plan.id),
                          traffic + case_limit + (started_ ? seconds(0) : start_limit));
  started_ = true;
  if (failure_) return {Outcome::error, *failure_};
  try {
    while (const auto event = events_->next(deadline)) {
      observer_.on(*event);
      if (const auto* stage = std::get_if<event::LabStage>(&*event);
          stage != nullptr && stage->stage == event::lab_ready)
        came_up_ = true;
      if (const auto* recorded = std::get_if<event::CaseRecorded>(&*event);
          recorded != nullptr && recorded->id == plan.id) {
        if (recorded->outcome == Outcome::error) failure_ = recorded->reason;
        return {recorded->outcome, recorded->reason};
      }
      if (const auto* failed = std::get_if<event::LabFailed>(&*event)) {
        failure_ = failed->reason + (failed->remedy.empty() ? "" : " (" + failed->remedy + ")");
        return {Outcome::error, *failure_};
      }
    }
    failure_ = "the lab's worker died; labs/*/worker.log has its last words";
  } catch (const Error& error) {
    failure_ = error.what();
  }
  ended_ = true;
  return {Outcome::error, *failure_};
}

}  // namespace offlab
