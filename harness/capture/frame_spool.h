// Frames in a temporary file: what can be read only once, or takes long to read, is kept there for the next time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/handle.h"
#include "model/frame.h"

namespace offlab {

class FrameSpool {
 public:
  // As much is kept of a frame: all headers, and the packet that an ICMP error quotes up to its TCP header, through
  // tunnels as well. Of TCP in plain IPv4 only the headers are kept.
  static constexpr std::size_t kept_bytes = 256;
  static std::size_t kept_of(std::span<const std::uint8_t> frame);

  // The file is in $TMPDIR, or in /tmp, and has no name there: it is gone when the program ends, however it does.
  // Throws Error.
  FrameSpool();

  // Throws Error, with a remedy when the disk is full.
  void append(const Frame& frame);

  // Reads from the first frame on, also while frames are still added.
  class Reader : public FrameSource {
   public:
    explicit Reader(FrameSpool& spool);
    // False behind the last frame so far.
    bool next(Frame& frame) override;
    // Passes over a frame that was just added, for a reader that is at the end.
    void pass_over_last() { at_ = spool_->size_; }

   private:
    std::span<const std::uint8_t> peek(std::size_t size);

    FrameSpool* spool_;
    std::uint64_t at_ = 0;  // in the file
    std::unique_ptr<std::uint8_t[]> buffer_;
    std::uint64_t buffered_from_ = 0;
    std::size_t buffered_ = 0;
  };

 private:
  void flush();

  UniqueFd file_;
  std::unique_ptr<std::uint8_t[]> buffer_;  // what is not in the file yet
  std::size_t buffered_ = 0;
  std::uint64_t size_ = 0;  // with what is in the buffer
};

}  // namespace offlab
