// The frames of one side of a router, as if they had been captured there alone and on one clock: those of the judged
// connections and the errors about them, without copies, in the order of time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "measure/capture_sides.h"
#include "measure/clock_difference.h"
#include "measure/flow_table.h"

namespace offlab {

struct Selection {
  JudgedFlow judged;
  CaptureSides sides;
  Side side = Side::before;    // of `sides`
  bool is_ingress = true;      // what the frames are taken for: what came to the router, or what left it
  bool sort = false;           // the capture's clock goes back
  ClockDifference clock = {};  // taken out of the times behind the router
};

// Frames with the direction that a router's tap has: what the sender sent goes to the guest at its ingress side and
// comes from it at its egress side.
class SelectedFrames : public FrameSource {
 public:
  SelectedFrames(FrameSource& frames, const Selection& selection);
  bool next(Frame& frame) override;

  // Frames that were passed over because they are copies.
  std::uint64_t copies() const { return copies_; }

 private:
  struct Owned {
    Frame frame;
    std::vector<std::uint8_t> bytes;
    std::uint64_t order = 0;
  };
  struct Later {
    bool operator()(const Owned& a, const Owned& b) const {
      return a.frame.time_ns != b.frame.time_ns ? a.frame.time_ns > b.frame.time_ns : a.order > b.order;
    }
  };

  bool next_selected(Frame& frame);
  bool is_wanted(const Frame& frame, const Packet& packet);
  bool is_copy(const Frame& frame, const Packet& packet);
  bool next_in_order(Frame& frame);

  FrameSource& frames_;
  Selection selection_;
  bool looks_at_each_;
  std::uint64_t number_ = 0;
  std::uint64_t copies_ = 0;
  struct Recent {
    std::uint64_t identity = 0;
    std::int64_t time_ns = 0;
  };
  std::vector<Recent> recent_;  // by the low bits of the identity
  std::priority_queue<Owned, std::vector<Owned>, Later> waiting_;
  Owned current_;
  std::int64_t latest_ns_ = 0;
  bool ended_ = false;
};

}  // namespace offlab
