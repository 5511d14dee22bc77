// A worker process and the stream of its events.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "host/isolation.h"
#include "model/event.h"

namespace offlab {

class WorkerStream {
 public:
  WorkerStream(IsolatedProcess process, std::stop_token stop);
  WorkerStream(const WorkerStream&) = delete;
  WorkerStream& operator=(const WorkerStream&) = delete;
  // Ends the worker: asks first, kills after a second. Everything in its namespaces ends with it.
  ~WorkerStream();

  // Writes `text` to the worker's stdin and closes it.
  void send(const std::string& text, const Deadline& deadline);
  // The next event; nothing at the end of the stream. Throws Error at the deadline, Interrupted at a stop.
  std::optional<Event> next(const Deadline& deadline);

 private:
  IsolatedProcess process_;
  std::stop_token stop_;
  std::string buffer_;
};

}  // namespace offlab
