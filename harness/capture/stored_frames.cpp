#include "capture/stored_frames.h"

namespace offlab {

std::vector<StoredFrame> all_frames(FrameSource& source) {
  std::vector<StoredFrame> frames;
  for (Frame frame; source.next(frame);) {
    frames.push_back({frame, {frame.bytes.begin(), frame.bytes.end()}});
    frames.back().frame.bytes = {};
  }
  return frames;
}

}  // namespace offlab
