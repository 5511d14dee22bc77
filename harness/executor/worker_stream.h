// A worker process and the stream of its events.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "executor/event_lines.h"
#include "model/event.h"
#include "process/isolation.h"

namespace offlab {

class WorkerStream : public EventSource {
 public:
  WorkerStream(IsolatedProcess process, std::stop_token stop);
  WorkerStream(const WorkerStream&) = delete;
  WorkerStream& operator=(const WorkerStream&) = delete;
  // Ends the worker: asks first, kills after a second. Everything in its namespaces ends with it.
  ~WorkerStream() override;

  // Writes `text` to the worker's stdin and closes it.
  void send(const std::string& text, const Deadline& deadline);
  std::optional<Event> next(const Deadline& deadline) override;
  // The first process of the namespaces, as this process sees it.
  pid_t pid() const { return process_.pid; }
  // Does not ask first.
  void kill_now();

 private:
  IsolatedProcess process_;
  std::stop_token stop_;
  EventLines lines_;
};

}  // namespace offlab
