#include "host/live_capture.h"

#include <array>
#include <chrono>
#include <csignal>

#include <fmt/core.h>
#include <net/if.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.h"
#include "capture/pcapng_writer.h"
#include "host/packet_ring.h"

namespace offlab {
namespace {

// Whoever watches does not see the difference.
constexpr auto gathering = std::chrono::milliseconds(20);

// Waits as long for the reader to go away.
bool nobody_reads(int output, std::chrono::milliseconds wait = {}) {
  pollfd one{output, 0, 0};
  return poll(&one, 1, static_cast<int>(wait.count())) == 1 && (one.revents & POLLERR) != 0;
}

bool exists(const std::string& tap) {
  return if_nametoindex(tap.c_str()) != 0;
}

Handle<std::FILE, std::fclose> stream_to(int output) {
  Handle<std::FILE, std::fclose> stream(fdopen(dup(output), "wb"));
  if (!stream) throw system_error("opening the capture's output");
  return stream;
}

// Returns the number of frames written.
std::uint64_t pump(PacketRing& ring, PcapngWriter& writer, const std::string& tap, int output,
                   const std::stop_token& stop) {
  std::uint64_t frames = 0;
  const auto take = [&] {
    for (Frame frame; ring.peek(frame); ++frames) {
      writer.write(frame);
      ring.release();
    }
  };
  while (!stop.stop_requested()) {
    take();
    writer.flush();
    // A wake-up for every block would take several percent of a software-emulated lab's goodput.
    if (frames > 0 && nobody_reads(output, gathering)) break;
    std::array<pollfd, 2> ready = {{{ring.descriptor(), POLLIN, 0}, {output, 0, 0}}};
    poll(ready.data(), ready.size(), 100);
    if (nobody_reads(output) || !exists(tap)) break;
  }
  if (!nobody_reads(output)) ring.settle(take);
  return frames;
}

}  // namespace

void stream_capture(const LiveCapture& what, int output, const std::stop_token& stop) {
  std::signal(SIGPIPE, SIG_IGN);
  PacketRing ring(what.tap, what.snap_length);
  try {
    PcapngWriter writer(stream_to(output), "the capture", {what.tap, what.description, what.snap_length});
    const std::uint64_t frames = pump(ring, writer, what.tap, output, stop);
    const std::uint64_t dropped = ring.drops();
    if (!nobody_reads(output)) writer.finish(frames, dropped);
  } catch (const Error&) {
    if (!nobody_reads(output)) throw;
  }
  if (!exists(what.tap)) throw Error(fmt::format("tap '{}' is gone: its guest ended", what.tap));
}

}  // namespace offlab
