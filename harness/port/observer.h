// Listens to what happens.
#pragma once

#include <utility>

#include "model/event.h"

namespace offlab {

class Observer {
 public:
  virtual ~Observer() = default;
  // May be called from several threads.
  virtual void on(const Event& event) = 0;
};

// Says of which lab and attempt the events are that it hands on.
class LabObserver : public Observer {
 public:
  LabObserver(LabAttempt of, Observer& next) : of_(std::move(of)), next_(next) {}
  void on(const Event& event) override { next_.on({of_, event.what}); }

 private:
  LabAttempt of_;
  Observer& next_;
};

}  // namespace offlab
