// Labs as worker processes of this program.
#pragma once

#include <filesystem>
#include <functional>
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
  // `environments`: of each lab, by name; the run folder keeps them.
  LabProcessStarter(std::filesystem::path run_folder, std::filesystem::path cache_folder, Accelerator accelerator,
                    std::map<std::string, WorkerImage> images, std::map<std::string, Environment> environments,
                    bool cold, Observer& observer, std::stop_token stop);
  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override;

 private:
  std::filesystem::path run_folder_;
  std::filesystem::path cache_folder_;
  Accelerator accelerator_;
  std::map<std::string, WorkerImage> images_;
  std::map<std::string, Environment> environments_;
  bool cold_;
  Observer& observer_;
  std::stop_token stop_;
};

// The cases of one lab, as the messages of a worker that was asked for them tell.
class LabProcess : public LabSession {
 public:
  using Ask = std::function<void(const std::string& id)>;

  // `of`: what its events are said to come from. `ask`: asks the worker for a case; null where it goes through all of
  // its plan by itself.
  LabProcess(std::unique_ptr<MessageSource> messages, LabAttempt of, Observer& observer, Ask ask = nullptr)
      : messages_(std::move(messages)), observer_(std::move(of), observer), ask_(std::move(ask)) {}

  void begin(const CasePlan& plan) override;
  CaseRecord perform(const CasePlan& plan) override;
  bool came_up() const override { return came_up_; }
  bool usable() const override { return !failure_ && !worn_; }
  bool was_worn_before() const override { return worn_before_; }

 private:
  std::chrono::milliseconds silence(const CasePlan& plan) const;
  // Nothing as long as the case goes on.
  std::optional<CaseRecord> take(const Message& message, const CasePlan& plan);
  CaseRecord break_down(const std::string& reason);

  std::unique_ptr<MessageSource> messages_;
  LabObserver observer_;
  Ask ask_;
  std::string asked_;  // for the case with this id
  bool came_up_ = false;
  std::optional<std::string> failure_;
  bool worn_ = false;
  bool worn_before_ = false;
};

}  // namespace offlab
