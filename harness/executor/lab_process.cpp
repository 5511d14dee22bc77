#include "executor/lab_process.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "plan/deadlines.h"
#include "plan/lab_places.h"
#include "record/run_folder.h"

namespace offlab {

using std::chrono::milliseconds;

std::unique_ptr<LabSession> LabProcessStarter::start(const LabPlan& plan, unsigned attempt) {
  const LabAttempt of{plan.name, attempt};
  const std::filesystem::path logs = options_.run_folder / lab_folder(of);
  std::filesystem::create_directories(logs);
  auto turn = options_.boots ? options_.boots->wait(stop_) : nullptr;
  auto worker = std::make_unique<WorkerStream>(
      spawn_isolated(worker_arguments(options_.isolation, options_.run_folder, options_.cache_folder),
                     options_.isolation, logs / "worker.log"),
      stop_, time_to_end(options_.isolation));
  const message::Hello hello = worker->greet();
  Environment environment = options_.environments.at(plan.name);
  environment.host["offlab"] = hello.version;
  environment.host["cpus"] = std::to_string(hello.cpus);
  environment.host["memory"] = std::to_string(hello.memory.bytes);
  if (!options_.cpus.empty()) environment.host["pinned"] = cpu_list(options_.cpus);
  RunFolder(options_.run_folder).write_lab_environment(of, environment);
  worker->send(worker_request_to_json({.lab = plan,
                                       .accelerator = options_.accelerator,
                                       .images = options_.images,
                                       .cold = options_.cold,
                                       .attempt = attempt,
                                       .by_case = true,
                                       .cpus = options_.cpus,
                                       .hosted = options_.isolation == Isolation::hosted,
                                       .owner = options_.owner,
                                       .tool = options_.tool,
                                       .tool_fallback = options_.tool_fallback}));
  const auto ask = [worker = worker.get()](const std::string& id) { worker->send(case_request_to_json(id)); };
  return std::make_unique<LabProcess>(std::move(worker), of, observer_, ask, std::move(turn), limits::boot_of(plan));
}

void LabProcess::begin(const CasePlan& plan) {
  if (ask_ && !failure_ && asked_ != plan.id) ask_(plan.id);
  asked_ = plan.id;
}

CaseRecord LabProcess::perform(const CasePlan& plan) {
  if (failure_) return {Recorded::broken, *failure_};
  const std::string name = fmt::format("case '{}'", plan.id);
  const Deadline whole(name, limits::of(plan) + (came_up_ ? milliseconds(0) : limits::start(boot_)));
  try {
    begin(plan);
    while (const auto message = messages_->next(Deadline(name, silence(plan)))) {
      if (const auto record = take(*message, plan)) return *record;
      whole.check({});
    }
  } catch (const PlaceLost& lost) {
    observer_.on(event::LabFailed{lost.what(), lost.remedy()});
    failure_ = lost.what();
    throw;
  } catch (const Error& error) {
    return break_down(error.what());
  }
  return break_down("the lab's worker died; worker.log in the lab's folder has its last words");
}

// How long the worker may say nothing.
milliseconds LabProcess::silence(const CasePlan& plan) const {
  return came_up_ ? limits::silence_in(plan) : std::max(limits::silence_at_start(boot_), limits::silence_in(plan));
}

std::optional<CaseRecord> LabProcess::take(const Message& message, const CasePlan& plan) {
  if (const auto* failed = std::get_if<message::Failed>(&message)) {
    observer_.on(event::LabFailed{failed->reason, failed->remedy});
    return break_down(failed->reason + (failed->remedy.empty() ? "" : " (" + failed->remedy + ")"));
  }
  const auto* event = std::get_if<Event>(&message);
  if (event == nullptr) return std::nullopt;
  observer_.on(*event);
  if (const auto* stage = std::get_if<event::LabStage>(&event->what))
    came_up_ = came_up_ || stage->stage == event::lab_ready;
  if (came_up_) turn_.reset();
  if (const auto* worn = std::get_if<event::LabWorn>(&event->what)) {
    worn_ = true;
    worn_before_ = worn->before;
  }
  const auto* recorded = std::get_if<event::CaseRecorded>(&event->what);
  if (recorded == nullptr || recorded->id != plan.id) return std::nullopt;
  if (recorded->recorded == Recorded::broken) return break_down(recorded->reason);
  return CaseRecord{recorded->recorded, recorded->reason};
}

CaseRecord LabProcess::break_down(const std::string& reason) {
  failure_ = reason;
  turn_.reset();
  return {Recorded::broken, reason};
}

}  // namespace offlab
