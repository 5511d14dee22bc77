// What a worker says on its stdout: messages as JSON lines.
#pragma once

#include <functional>
#include <mutex>

#include "port/observer.h"
#include "record/message.h"
#include "worker/outer_paths.h"

namespace offlab {

class Voice : public Observer {
 public:
  // For the rest of its life, the paths in what it says are these. To be called before anything is said of them.
  void use(const OuterPaths& paths) { paths_ = paths; }

  void on(const Event& event) override { say(event); }
  void say(const Message& message);
  // With this program's version and this host's capacity.
  void say_hello();
  // Runs the worker's work; whatever it throws becomes a Failed message. Returns the exit status: 0, or 3.
  int guard(const std::function<void()>& work);

 private:
  OuterPaths paths_;
  std::mutex mutex_;
};

}  // namespace offlab
