// Events that another process writes, one JSON line each.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "model/event.h"

namespace offlab {

class EventSource {
 public:
  virtual ~EventSource() = default;
  // The next event; nothing at the end of the stream. Throws Error at the deadline, Interrupted at a stop.
  virtual std::optional<Event> next(const Deadline& deadline) = 0;
};

// The same from a descriptor that somebody else owns.
class EventLines {
 public:
  std::optional<Event> next(int descriptor, const Deadline& deadline, const std::stop_token& stop);

 private:
  std::string buffer_;
};

}  // namespace offlab
