// What is kept of one connection while the captures on both sides of a router are read, by the direction of its data.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "measure/flow_table.h"
#include "measure/outstanding_ranges.h"
#include "measure/sequence_unwrapper.h"
#include "measure/transmissions.h"

namespace offlab {

// The sender's round trip time, and from it how long it waits before it sends again (RFC 6298).
class RoundTrip {
 public:
  void sent(std::uint64_t end, std::int64_t time_ns);
  void acknowledged(std::uint64_t up_to, std::int64_t time_ns);
  void sent_again() { waiting_for_ = 0; }  // Karn: no sample from what was sent twice

  std::int64_t smoothed_ns() const { return smoothed_ns_; }
  std::int64_t timeout_ns() const;

 private:
  std::uint64_t waiting_for_ = 0;
  std::int64_t sent_ns_ = 0;
  std::int64_t smoothed_ns_ = 0;
  std::int64_t variation_ns_ = 0;
};

// A segment without data on its way back, as it went into the router.
struct ReturnedHeader {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint32_t options_digest = 0;
  std::uint16_t window = 0;
  std::uint16_t identification = 0;
  std::uint8_t hop_limit = 0;
  std::uint8_t traffic_class = 0;
};

using ReturnedHeaders = std::array<ReturnedHeader, 64>;

// What was sent after something that is missing, and what has not been acknowledged for how long: only of captures that
// were made elsewhere.
struct Silence {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> holes;  // payload that was never seen, in order of time
  std::uint64_t number = 0;                                    // of the first frame since the last new acknowledgement
  std::uint32_t bytes = 0;                                     // its payload, or that of the frame with `head`
  std::uint32_t sent_again = 0;                                // frames that were sent again since then
  std::uint64_t head = 0;                                      // the lowest byte in them; 0: none was sent again
  bool head_left = false;                                      // it was seen behind the router since then
  bool window_closed = false;                                  // the receiver's window is zero
  bool window_was_closed = false;                              // at some time since the last new acknowledgement
  std::int64_t closed_ns = 0;                                  // when it became zero
};

// On its own lines of memory, in one piece with what most connections need: with thousands of connections each line is
// a wait, and each page another one.
struct alignas(64) TcpConnection {
  static constexpr std::int64_t patience_ns = 1'000'000'000;

  FlowKey flow;  // as seen at A
  bool has_start = false;
  bool acknowledged = false;
  std::uint32_t last_end = 0;  // of the data that was sent last, new or not: the sequence number behind it
  SequenceUnwrapper sequence;
  std::uint64_t start = 0;    // before the first payload byte
  std::uint64_t sent_to = 0;  // after the furthest payload byte
  std::uint64_t acknowledged_to = 0;
  std::uint64_t payload_bytes = 0;
  std::int64_t progress_ns = 0;  // of the last new acknowledgement, or of data sent when none was under way
  std::int64_t last_data_ns = 0;
  RoundTrip round_trip;
  std::uint64_t egress_to = 0;           // after the furthest payload byte at B
  std::uint16_t announced_segment = 0;   // the receiver's MSS at B; 0: not seen
  std::uint16_t segment_sender_saw = 0;  // the same at A
  std::uint32_t longest_single = 0;      // payload of the longest frame that can be one packet
  std::optional<std::int64_t> told_ns;   // when the first honest error was seen
  std::uint32_t told_mtu = 0;
  std::uint32_t returned_count = 0;
  std::unique_ptr<ReturnedHeaders> returned;  // a ring; null before the first one
  Transmissions sent;
  OutstandingRanges outstanding{patience_ns};
  Silence silence;

  // For a frame that will come soon: first the connection itself, then what it points to.
  void fetch() const;
  void fetch_further() const;

  // Up to where everything has arrived.
  std::uint64_t arrived_to() const { return acknowledged ? acknowledged_to : start; }
  // Two round trips and a retransmission timeout after it was told an MTU.
  bool has_had_time_to_obey(std::int64_t now_ns) const {
    return told_ns && now_ns - *told_ns > 2 * round_trip.smoothed_ns() + round_trip.timeout_ns();
  }
};

}  // namespace offlab
