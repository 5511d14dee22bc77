// One bulk transfer, watched from the host while it runs.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "lab/guest_program.h"
#include "lab/lab.h"
#include "measure/transfer_watch.h"

namespace offlab {

class TransferRunner {
 public:
  // `capture`: the one that runs; null when there is none. `control`: what the case's control carried, empty when this
  // is the control.
  TransferRunner(LabPorts ports, const LegPlan& leg, std::string case_id, const Capture* capture, RateSeries control,
                 const std::stop_token& stop, LegObservation& seen);

  // What is seen goes into the observation; a transfer that fails is one, too.
  void run(const step::Transfer& transfer);
  // Of what came out of the last device under test, after the warm-up.
  const RateSeries& rates() const { return watch_.rates(); }

 private:
  // Whoever is first says why.
  void end_early(TransferEnd end);
  struct Ends {
    CommandResult client;
    std::string listener_report;
  };
  // Starts the end that listens, then the other one.
  Ends connect_to_listener(const step::Transfer& transfer, int total);
  void require_own(GuestProgram& listener, const step::Transfer& transfer);
  CommandResult connect(const step::Transfer& transfer, int total);
  void pull(const step::Transfer& transfer, int total);
  void push(const step::Transfer& transfer, int total);
  void watch_until(const std::stop_token& done, const step::Transfer& transfer);
  void look(const step::Transfer& transfer, double seconds);
  void tell_progress(const step::Transfer& transfer, const TransferMoment& moment);
  std::map<std::string, double> cpu_seconds();

  LabPorts ports_;
  const LegPlan& leg_;
  std::string case_id_;
  const Capture* capture_;
  std::stop_token stop_;
  LegObservation& seen_;
  TransferWatch watch_;
  std::mutex ending_;
  std::stop_source enough_;
  std::optional<TransferMoment> last_told_;
  std::optional<MachineSilent> silent_;  // the watcher's, until it ended
};

}  // namespace offlab
