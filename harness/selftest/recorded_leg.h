// A leg as it was recorded, in memory, so that it can be changed and measured again.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/frame.h"
#include "model/leg.h"
#include "model/measurement.h"
#include "model/observation.h"
#include "record/run_folder.h"

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

struct RecordedLeg {
  LegIntent intent;
  LegObservation seen;
  std::vector<StoredFrame> ingress;
  std::vector<StoredFrame> egress;

  LegMeasurements measure() const;
};

// Throws Error when the case has no such leg, or its files are damaged.
RecordedLeg read_recorded_leg(const RunFolder& folder, const CasePlan& plan, LegRole role);

}  // namespace offlab
