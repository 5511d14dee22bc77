// The two ends of a background load, and what bounds both. Each runs until its time is over, its bytes are spent, its
// stdin ends or a signal comes, and prints one line of JSON about what it did.
#pragma once

#include <cstdint>

namespace offlab::guest {

struct Bounds {
  std::uint64_t seconds = 0;
  std::uint64_t bytes = 0;  // that are sent, or received
};

struct SenderOptions {
  const char* interface = "";
  std::uint32_t address = 0;  // its own, which the kernel must not have
  std::uint16_t port = 0;
  unsigned streams = 0;      // connections, which it waits for
  std::uint64_t rate = 0;    // bits/s on the wire, at most
  unsigned segments = 0;     // in one frame, at most
  std::uint32_t object = 0;  // bytes that each connection is sent ...
  std::uint64_t every = 0;   // ... so often, in milliseconds
  Bounds bounds;
};

struct SinkOptions {
  std::uint32_t address = 0;  // of the sender
  std::uint16_t port = 0;
  unsigned streams = 0;
  Bounds bounds;
};

constexpr unsigned most_streams = 128;
constexpr unsigned most_segments = 40;

// Both return the exit status of the program. The sender says "listening" on stdout as soon as it answers, the sink
// "connected" when all of its connections are up.
int run_sender(const SenderOptions& options);
int run_sink(const SinkOptions& options);

// What keeps the load inside of a lab: the files that only QEMU's firmware interface of a lab's guest has, and the
// addresses that are reserved for benchmarking (198.18.0.0/15, RFC 2544).
bool is_lab_guest();
bool is_lab_address(std::uint32_t address);

// Microseconds since some moment.
std::uint64_t now();

// Whether stdin has ended or SIGTERM, SIGINT or SIGHUP came. `stdin_is_ready`: as poll(2) says.
class Control {
 public:
  Control();
  // "input", "signal", or null while it goes on.
  static const char* end(bool stdin_is_ready);
};

}  // namespace offlab::guest
