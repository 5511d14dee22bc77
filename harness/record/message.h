// What a worker says to whoever started it or asks it for something: JSON, one object a line. What happens in the lab
// are events (model/event.h); everything else is a message of its own. Their texts are clean (base/clean_text.h),
// whichever way they go.
#pragma once

#include <string>
#include <variant>

#include "base/units.h"
#include "model/event.h"

namespace offlab::message {

// Of requests and messages. A worker of another protocol is refused.
inline constexpr int protocol = 2;

// Before anything else: which worker this is, and what its host has.
struct Hello {
  int protocol = message::protocol;
  std::string version;  // of its program
  unsigned cpus = 0;
  ByteCount memory;  // MemTotal
  bool operator==(const Hello&) const = default;
};

// The answer of a worker that was to boot a kernel once.
struct Probed {
  bool booted = false;
  std::string reason = {};  // why not
  bool operator==(const Probed&) const = default;
};

// The answer of a worker that was to build an image.
struct ImageReady {
  bool built = false;  // false: it was up to date
  bool operator==(const ImageReady&) const = default;
};

// A lab that stays is up and registered.
struct LabUp {
  bool operator==(const LabUp&) const = default;
};

// The request was carried out.
struct Done {
  bool operator==(const Done&) const = default;
};

// A guest cannot do what the request asks for; the taps are as they were.
struct Refused {
  std::string reason;
  bool operator==(const Refused&) const = default;
};

// The request failed, or all of the worker's work did: nothing more will come.
struct Failed {
  std::string reason;
  std::string remedy = {};
  bool operator==(const Failed&) const = default;
};

}  // namespace offlab::message

namespace offlab {

using Message = std::variant<Event, message::Hello, message::Probed, message::ImageReady, message::LabUp, message::Done,
                             message::Refused, message::Failed>;

// One line, without the newline.
std::string message_to_line(const Message& message);
// Throws Error that quotes the line when it is no message.
Message message_from_line(const std::string& line);

}  // namespace offlab
