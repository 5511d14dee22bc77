// Labs as worker processes of this program.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "executor/worker_stream.h"
#include "port/observer.h"
#include "record/worker_request.h"
#include "runner/lab_session.h"

namespace offlab {

class LabProcessStarter : public LabStarter {
 public:
  LabProcessStarter(std::filesystem::path run_folder, std::filesystem::path cache_folder, Accelerator accelerator,
                    std::map<std::string, WorkerImage> images, bool cold, Observer& observer, std::stop_token stop);
  std::unique_ptr<LabSession> start(const LabPlan& plan) override;

 private:
  std::filesystem::path run_folder_;
  std::filesystem::path cache_folder_;
  Accelerator accelerator_;
  std::map<std::string, WorkerImage> images_;
  bool cold_;
  Observer& observer_;
  std::stop_token stop_;
};

// The cases of one lab, as the events of a worker that was asked for them tell.
class LabProcess : public LabSession {
 public:
  LabProcess(std::unique_ptr<EventSource> events, Observer& observer)
      : events_(std::move(events)), observer_(observer) {}

  CaseRecord perform(const CasePlan& plan) override;
  bool came_up() const override { return came_up_; }
  bool usable() const override { return !failure_ && !ended_; }

 private:
  std::unique_ptr<EventSource> events_;
  Observer& observer_;
  bool started_ = false;
  bool came_up_ = false;
  bool ended_ = false;
  std::optional<std::string> failure_;
};

}  // namespace offlab
