// A capture written anew, as pcapng with Ethernet headers: what reads it finds the same places, directions, times and
// segment sizes as in the capture that the frames came from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capture/pcapng_writer.h"
#include "model/frame.h"

namespace offlab {

struct CaptureForm {
  bool has_segment_sizes = false;            // of all frames; a file says it of all of them or of none
  std::vector<std::string> interfaces = {};  // their names, by Frame::interface; empty: numbers from 0 on
};

class CaptureOutput {
 public:
  // Throws Error when the file cannot be made.
  CaptureOutput(std::filesystem::path file, CaptureForm form);

  // Throws Error when it cannot be written (disk full).
  void write(const Frame& frame);
  // Once, at the end. Throws Error when something could not be written.
  void finish();

  std::uint64_t frames() const { return frames_; }
  std::uint64_t bytes() const { return writer_ ? writer_->bytes_written() : 0; }

 private:
  // Interface and kernel's number, as the reader of a capture has them. The second is in no header of Ethernet, so each
  // pair is an interface of the new file.
  using Place = std::pair<std::uint16_t, std::uint32_t>;

  std::uint16_t interface_of(const Place& place);
  std::string name_of(const Place& place) const;
  void open(const std::string& first_interface);

  std::filesystem::path file_;
  CaptureForm form_;
  std::optional<PcapngWriter> writer_;  // from the first frame on, whose interface is the file's first one
  std::map<Place, std::uint16_t> interfaces_;
  std::uint64_t frames_ = 0;
};

}  // namespace offlab
