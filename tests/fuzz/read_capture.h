// What is done with a capture that somebody damaged: everything that a user's capture goes through.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace offlab {

struct CaptureReading {
  std::uint64_t frames = 0;
  std::uint64_t packets = 0;           // those of them that are IP
  std::optional<std::string> refused;  // why it was not read to its end
};

// Ends the process when a frame is not what model/frame.h promises; Error is the only other way a file may be refused.
// `bytes`: of the whole file.
CaptureReading read_capture(std::span<const std::uint8_t> bytes);

}  // namespace offlab
