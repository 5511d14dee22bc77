// Reads captures, whoever made them: classic pcap (microseconds or nanoseconds) and pcapng, in either byte order, of
// the links in link_layer.h, compressed or not (decoder.h). Frames come out with an Ethernet header, whatever the link
// had; those of other links, which a pcapng file may have beside them, without any bytes. The files that offlab wrote
// carry segment sizes and directions as well (pcapng_writer.h).
//
// Fast and of constant memory: a frame is seen in the read buffer, nothing is kept of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/handle.h"
#include "model/frame.h"

namespace offlab {

struct CaptureInterface {
  std::string name;                      // empty where the file does not say
  std::uint32_t link_type = 0;           // LINKTYPE_* of tcpdump.org
  std::optional<std::uint64_t> dropped;  // frames that the capture lost, where the file says
};

// There is not a byte in the file: nothing was captured yet.
class EmptyCapture : public Error {
 public:
  using Error::Error;
};

// The file ends inside a packet: the capture is still running, or it was killed; or the file is compressed, and that is
// damaged or cut off. What was read before is good.
class TruncatedCapture : public Error {
 public:
  TruncatedCapture(std::string_view message, std::uint64_t complete_frames, std::string_view remedy = {})
      : Error(message, remedy), complete_frames_(complete_frames) {}
  std::uint64_t complete_frames() const { return complete_frames_; }

 private:
  std::uint64_t complete_frames_;
};

// What the file says cannot be.
class DamagedCapture : public Error {
 public:
  DamagedCapture(std::string_view message, bool was_compressed) : Error(message), was_compressed_(was_compressed) {}
  bool was_compressed() const { return was_compressed_; }

 private:
  bool was_compressed_;
};

class CaptureFile : public FrameSource {
 public:
  // Of Frame::interface; those that the file has described so far, all of them at its end.
  virtual const std::vector<CaptureInterface>& interfaces() const = 0;
};

// Throws Error when the file cannot be opened or is of no format that is read here; it, or next() at the end of a
// pcapng file, when all of its links are of kinds that are not read. next() throws TruncatedCapture for a file that
// ends early and DamagedCapture for any other damage; both name the file, the place and how many frames were good.
std::unique_ptr<CaptureFile> open_capture_file(const std::filesystem::path& file);
// The same of an open file; `name` is for people.
std::unique_ptr<CaptureFile> open_capture_file(UniqueFd file, const std::filesystem::path& name);

}  // namespace offlab
