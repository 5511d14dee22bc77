// A request to the worker of a lab that stays, and the messages of its answer.
#pragma once

#include <filesystem>
#include <stop_token>

#include "base/handle.h"
#include "executor/message_lines.h"
#include "port/observer.h"
#include "record/control_request.h"
#include "runner/lab_session.h"

namespace offlab {

class ControlConnection : public MessageSource {
 public:
  // Sends the request to the lab in `lab_folder`; `folder` -1: none. Throws Error. When it is destroyed before the
  // answer is complete, the lab breaks off what it does and puts everything back.
  ControlConnection(const std::filesystem::path& lab_folder, const control::Request& request, int folder,
                    std::stop_token stop);

  std::optional<Message> next(const Deadline& deadline) override;
  // Waits until the lab is done with the request and has put everything back; after a stop, it is told to break off
  // first. Returns what went wrong, empty when nothing did.
  std::string finish();

 private:
  UniqueFd socket_;
  std::stop_token stop_;
  MessageLines lines_;
};

// Sends the request and waits until it was carried out. Throws Unsupported for what a guest cannot do, Error with what
// the lab says otherwise.
void ask_lab(const std::filesystem::path& lab_folder, const control::Request& request, const Deadline& deadline,
             Observer& observer, const std::stop_token& stop);

// Records cases in a lab that runs.
class RunningLabs : public LabStarter {
 public:
  // `around`: the steps before and after the cases of a plan.
  RunningLabs(std::filesystem::path lab_folder, control::Cases around, const std::filesystem::path& run_folder,
              Observer& observer, std::stop_token stop);
  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override;

 private:
  std::filesystem::path lab_folder_;
  control::Cases around_;
  UniqueFd run_folder_;
  Observer& observer_;
  std::stop_token stop_;
};

}  // namespace offlab
