// Events as JSON lines on stdout: the voice of a worker.
#pragma once

#include <functional>
#include <mutex>

#include "port/observer.h"

namespace offlab {

class LineObserver : public Observer {
 public:
  void on(const Event& event) override;
  // Runs the worker's work; whatever it throws becomes a LabFailed event. Returns the exit status: 0, or 3.
  int guard(const std::function<void()>& work);

 private:
  std::mutex mutex_;
};

}  // namespace offlab
