// Listens to what happens.
#pragma once

#include "model/event.h"

namespace offlab {

class Observer {
 public:
  virtual ~Observer() = default;
  // May be called from several threads.
  virtual void on(const Event& event) = 0;
};

}  // namespace offlab
