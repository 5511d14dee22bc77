// What a worker says on its stdout: messages as JSON lines.
#pragma once

#include <functional>
#include <mutex>

#include "port/observer.h"
#include "record/message.h"

namespace offlab {

class Voice : public Observer {
 public:
  void on(const Event& event) override { say(event); }
  void say(const Message& message);
  // With this program's version and this host's capacity.
  void say_hello();
  // Runs the worker's work; whatever it throws becomes a Failed message. Returns the exit status: 0, or 3.
  int guard(const std::function<void()>& work);

 private:
  std::mutex mutex_;
};

}  // namespace offlab
