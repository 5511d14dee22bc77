// The worker of a lab that stays: takes requests, one at a time, until it is told to end.
#pragma once

#include <mutex>
#include <stop_token>

#include "lab/lab.h"
#include "port/observer.h"
#include "record/run_folder.h"
#include "worker/outer_paths.h"

namespace offlab {

// Hands events on to `home`, or to whoever asked for what is going on.
class RelayObserver : public Observer {
 public:
  explicit RelayObserver(Observer& home) : home_(home) {}
  void on(const Event& event) override;
  // Null: back to `home`. Nothing reaches the old listener after this returns.
  void relay_to(Observer* listener);

 private:
  Observer& home_;
  std::mutex mutex_;
  Observer* listener_ = nullptr;
};

// Starts the lab and serves its requests. `folder` is the lab's own; `paths` are for what its clients are told. Throws
// Error when the lab does not come up, and Interrupted at the stop.
void serve_lab(Lab& lab, const RunFolder& folder, const OuterPaths& paths, RelayObserver& observer,
               const std::stop_token& stop);

}  // namespace offlab
