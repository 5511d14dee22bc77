// Payload bytes of one TCP flow that went into a router and have not come out yet.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "measure/ring.h"
#include "model/measurement.h"

namespace offlab {

// Sizes of transmissions in steps of 128 B, anything longer, and superframes.
class SizeClasses {
 public:
  static constexpr std::size_t step = 128;
  static constexpr std::size_t longer = 16;
  static constexpr std::size_t superframe = 17;

  static std::size_t of(std::uint32_t length) {
    return length == 0 ? 0 : std::min<std::size_t>((length - 1) / step, longer);
  }
  // L3 bytes of the longest in the class; 0 for superframes.
  static std::uint32_t longest(std::size_t size_class) {
    if (size_class == superframe) return 0;
    return size_class == longer ? 65535U : static_cast<std::uint32_t>((size_class + 1) * step);
  }
};

// By size class, of all flows together: each on its own would need more memory than all else that is kept of it.
struct Passages {
  std::array<Passage, SizeClasses::superframe + 1> by_size{};
  // Of the single packets those close to another one of their connection, so that a receiving kernel may merge them.
  Passage in_bursts = {};
};

class OutstandingRanges {
 public:
  // What came in and did not come out for so long is lost.
  explicit OutstandingRanges(std::int64_t patience_ns) : patience_ns_(patience_ns) {}

  // A transmission into the router. What of [begin, end) is outstanding already was lost the first time. Counts as sent
  // unless all that it carries is out or given up: nobody can tell what became of that.
  struct Entered {
    bool is_new = false;    // it carries bytes that were never sent before
    bool was_lost = false;  // it carries bytes that were sent before and have not left
  };
  // `follows`: close behind the transmission before it, so that both are in a burst.
  Entered enter(std::uint64_t begin, std::uint64_t end, std::size_t size_class, std::int64_t time_ns,
                Passages& passages, bool follows = false);
  // Seen behind the router. True when some of it was outstanding, so that it is the first copy. Another copy was not
  // lost when it was sent again, only late.
  bool leave(std::uint64_t begin, std::uint64_t end, Passages& passages);
  // What the receiver acknowledged has arrived, even if nobody saw it leave. How many bytes nobody saw.
  std::uint64_t acknowledge(std::uint64_t up_to);
  // Gives up what is older than the patience at this time, and calls lost(begin, bytes) for each range of it.
  template <typename Lost>
  void expire(std::int64_t now_ns, Passages& passages, Lost lost);

  // At the end: a transmission that may yet come out counts as none.
  void leave_open(Passages& passages);

  // When nothing is outstanding.
  void give_memory_back() { ranges_.give_memory_back(); }
  // Ahead of the above.
  void fetch() const { ranges_.fetch_ends(); }

  std::uint64_t lost_bytes() const { return lost_bytes_; }

 private:
  struct alignas(32) Range {
    std::uint64_t begin = 0;
    std::int64_t since_ns = 0;
    std::uint32_t bytes = 0;
    std::uint32_t transmission = 0;  // the last one that carried it
    std::uint8_t size_class = 0;     // of that
    bool left = false;               // it is out; removed when it is the lowest
    bool counted = false;            // that transmission counts as lost, by another piece of it
    bool burst = false;              // that transmission is in a burst

    std::uint64_t end() const { return begin + bytes; }
  };
  // A transmission that counts as lost because its bytes were sent again before they left.
  struct Replaced {
    std::uint64_t begin = 0;
    std::uint32_t bytes = 0;
    std::uint8_t size_class = 0;
    bool burst = false;
  };
  static constexpr std::size_t most_replaced = 256;

  // More than any window holds; what is older is lost.
  static constexpr std::size_t most = 1U << 16U;

  // A transmission is lost once, however many pieces are left of it.
  void count_loss(std::size_t index, Passages& passages);
  void remember_replaced(std::size_t index);
  void forgive_replaced(std::uint64_t begin, std::uint64_t end, Passages& passages);
  // How many bytes of it were outstanding.
  std::uint64_t mark_out(std::uint64_t begin, std::uint64_t end);
  // The transmission before the current one is in a burst with it.
  void mark_previous(Passages& passages);
  // False when that was done for another piece.
  bool mark_counted(std::size_t index);
  void give_up_lowest(Passages& passages);
  void remove_left();
  // The first range that ends behind `at`; ranges_.size() when there is none.
  std::size_t reaching_beyond(std::uint64_t at) const;
  // Splits the range that holds `at`, unless it is out, so that one begins there. The first range at or behind it.
  std::size_t cut_at(std::uint64_t at);

  std::int64_t patience_ns_;
  std::uint64_t furthest_ = 0;
  std::uint32_t transmissions_ = 0;
  std::uint64_t lost_bytes_ = 0;
  Ring<Range, 8> ranges_;           // in order, without overlaps
  std::vector<Replaced> replaced_;  // the latest ones, in any order
  std::size_t next_replaced_ = 0;
};

template <typename Lost>
void OutstandingRanges::expire(std::int64_t now_ns, Passages& passages, Lost lost) {
  // The lowest range is the one that waits longest: later data is sent later.
  while (!ranges_.empty() && now_ns - ranges_.front().since_ns > patience_ns_) {
    if (const Range& lowest = ranges_.front(); !lowest.left) lost(lowest.begin, lowest.bytes);
    give_up_lowest(passages);
  }
}

}  // namespace offlab
