// Labs as worker processes of this program.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "executor/boot_turns.h"
#include "executor/worker_stream.h"
#include "plan/deadlines.h"
#include "port/observer.h"
#include "record/worker_request.h"
#include "runner/lab_session.h"

namespace offlab {

struct LabProcessOptions {
  std::filesystem::path run_folder;
  std::filesystem::path cache_folder;
  Accelerator accelerator = Accelerator::tcg;
  std::map<std::string, WorkerImage> images = {};
  std::map<std::string, Environment> environments = {};  // of each lab, by name; the run folder keeps them
  bool cold = false;
  std::vector<unsigned> cpus = {};             // the labs run on these; empty: on any
  std::shared_ptr<BootTurns> boots = nullptr;  // null: nobody else boots labs meanwhile
  Isolation isolation = Isolation::lab;        // none: the labs are of machines that exist; hosted: of libvirtd's
  std::string owner = {};                      // as in WorkerRequest
  std::string tool = {};                       // likewise
  std::string tool_fallback = {};
};

class LabProcessStarter : public LabStarter {
 public:
  LabProcessStarter(LabProcessOptions options, Observer& observer, std::stop_token stop)
      : options_(std::move(options)), observer_(observer), stop_(std::move(stop)) {}
  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override;

 private:
  LabProcessOptions options_;
  Observer& observer_;
  std::stop_token stop_;
};

// The cases of one lab, as the messages of a worker that was asked for them tell.
class LabProcess : public LabSession {
 public:
  using Ask = std::function<void(const std::string& id)>;

  // `of`: what its events are said to come from. `ask`: asks the worker for a case; null where it goes through all of
  // its plan by itself.
  // `turn`: to boot, until the lab is up or broke. `boot`: limits::boot_of the lab.
  LabProcess(std::unique_ptr<MessageSource> messages, LabAttempt of, Observer& observer, Ask ask = nullptr,
             std::unique_ptr<BootTurns::Turn> turn = nullptr, std::chrono::milliseconds boot = limits::boot)
      : messages_(std::move(messages)),
        observer_(std::move(of), observer),
        ask_(std::move(ask)),
        turn_(std::move(turn)),
        boot_(boot) {}

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
  std::unique_ptr<BootTurns::Turn> turn_;
  std::chrono::milliseconds boot_;
  std::string asked_;  // for the case with this id
  bool came_up_ = false;
  std::optional<std::string> failure_;
  bool worn_ = false;
  bool worn_before_ = false;
};

}  // namespace offlab
