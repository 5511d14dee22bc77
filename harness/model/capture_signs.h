// What captures that were made elsewhere show of a transfer beside what a leg's measurements have: who was silent and
// why, what the capture itself lost. Times are seconds since the first frame of the file before the router.
#pragma once

#include <cstdint>

namespace offlab {

// A time in which the receiver acknowledged nothing new while data was under way.
struct Stall {
  double seconds = 0;
  double begin = 0;              // the last new acknowledgement, or the first data after it
  std::uint64_t number = 0;      // of the first frame that waits for an acknowledgement
  std::uint32_t sent_again = 0;  // frames that were sent again meanwhile
  bool window_closed = false;    // the receiver had announced a window of zero
  std::uint32_t bytes = 0;       // payload of that frame
  bool seen_behind = false;      // that byte left the router
  bool operator==(const Stall&) const = default;
};

struct CaptureSigns {
  std::uint64_t returned_before = 0;  // packets of the receiver, before the router
  std::uint64_t returned_behind = 0;  // behind it
  std::uint64_t unquoted = 0;    // "too big" errors to the sender whose quote is cut off before the sequence number
  std::uint64_t sent_again = 0;  // data frames with bytes that were sent before
  std::uint64_t keep_alives = 0;
  std::uint64_t window_probes = 0;
  std::uint64_t zero_windows = 0;      // announcements of a window of zero
  double window_closed_seconds = 0;    // all together
  Stall stall = {};                    // the longest in which the sender sent again and the window was open
  Stall pause = {};                    // the longest other one
  std::uint64_t missing_before = 0;    // payload bytes that were acknowledged and never seen before the router
  std::uint64_t missing_behind = 0;    // seen before the router and acknowledged, never seen behind it
  std::uint64_t resets = 0;            // RST, in either direction
  std::uint64_t icmp_frames = 0;       // errors and echoes before the router: ICMP was not filtered out
  std::uint64_t forth_behind = 0;      // packets of the sender behind the router, with or without data
  double round_trip_seconds = 0;       // smoothed, from the capture point to the receiver; 0: unknown
  std::uint16_t receiver_segment = 0;  // MSS in the receiver's SYN; 0: not seen
  std::uint32_t longest_frame = 0;     // L3 bytes of data, before the router
  bool operator==(const CaptureSigns&) const = default;
};

}  // namespace offlab
