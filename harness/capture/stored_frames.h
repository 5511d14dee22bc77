// Frames in memory, with their bytes: to be changed, and read again.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "model/frame.h"

namespace offlab {

struct StoredFrame {
  Frame frame;  // without its bytes
  std::vector<std::uint8_t> bytes;
};

class FrameList : public FrameSource {
 public:
  FrameList() = default;
  explicit FrameList(std::vector<StoredFrame> frames) : frames_(std::move(frames)) {}

  bool next(Frame& frame) override {
    if (at_ == frames_.size()) return false;
    frame = frames_[at_].frame;
    frame.bytes = frames_[at_].bytes;
    ++at_;
    return true;
  }

 private:
  std::vector<StoredFrame> frames_;
  std::size_t at_ = 0;
};

std::vector<StoredFrame> all_frames(FrameSource& source);

}  // namespace offlab
