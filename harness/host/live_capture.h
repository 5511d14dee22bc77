// Frames of one tap as they pass, as pcapng on a descriptor.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

namespace offlab {

struct LiveCapture {
  std::string tap;
  std::string description;
  std::uint32_t snap_length = 192;
};

// Writes until a stop is asked for or nobody reads any more; frames are with the reader as soon as the ring is empty.
// Throws Error when the tap goes away. `output` is not closed.
void stream_capture(const LiveCapture& what, int output, const std::stop_token& stop);

}  // namespace offlab
