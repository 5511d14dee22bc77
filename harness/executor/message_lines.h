// Messages of another process, one JSON line each.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "record/message.h"

namespace offlab {

class MessageSource {
 public:
  virtual ~MessageSource() = default;
  // The next message; nothing at the end of the stream. Throws Error at the deadline, or for what is no message, and
  // Interrupted at a stop.
  virtual std::optional<Message> next(const Deadline& deadline) = 0;
};

// The same from a descriptor that somebody else owns.
class MessageLines {
 public:
  // A last line without its newline is a message that was cut off: an Error that quotes it.
  std::optional<Message> next(int descriptor, const Deadline& deadline, const std::stop_token& stop);

 private:
  std::string buffer_;
};

}  // namespace offlab
