// The recent transmissions of one TCP flow into a router, in the order in which they were seen: which wire packets
// carried a byte last, and which of them came out again.
#pragma once

#include <cstdint>
#include <optional>

#include "capture/packet.h"
#include "measure/ring.h"

namespace offlab {

// On a line of memory of its own.
struct alignas(64) Transmission {
  std::uint64_t number = 0;  // frame number
  std::int64_t time_ns = 0;
  std::uint64_t sequence = 0;      // unwrapped
  std::uint32_t payload = 0;       // bytes
  std::uint32_t length = 0;        // L3 bytes of the frame
  std::uint32_t segment_size = 0;  // payload bytes of each packet it stands for; 0: it is one packet
  std::uint32_t came_out = 0;      // payload bytes of it that were seen behind the router
  std::uint32_t acknowledgement = 0;
  std::uint32_t options_digest = 0;
  std::uint16_t window = 0;
  std::uint16_t identification = 0;
  std::uint8_t hop_limit = 0;
  std::uint8_t traffic_class = 0;
  std::uint8_t flags = 0;
  bool df = false;
  bool again = false;         // a retransmission, in part at least
  bool size_unknown = false;  // a superframe of a capture without segmentation data
  bool size_assumed = false;  // such a one, cut as its connection suggests

  std::uint64_t end() const { return sequence + payload; }
  std::uint32_t cut() const { return segment_size == 0 ? payload : segment_size; }
  std::uint32_t wire_packets() const { return segment_size == 0 ? 1 : (payload + segment_size - 1) / segment_size; }
  // L3 bytes of the longest packet that this frame stands for on the wire.
  std::uint32_t wire_length() const { return segment_size == 0 ? length : length - payload + segment_size; }
};

// What a frame stands for on the wire: several packets when it has a segment size. Its sequence number is left to the
// caller.
Transmission make_transmission(const Packet& packet, const Frame& frame, std::uint64_t number);

// The packet it was, for describe_packet.
Packet packet_of(const Transmission& transmission, const FlowKey& flow);

class Transmissions {
 public:
  void add(const Transmission& transmission);
  // Nobody will ask for what is older than an error or a router can hold back.
  void forget_before(std::int64_t now_ns);
  // Ahead of add() and origin_of().
  void fetch() const;

  // How the sender last sent the range that a too-big error quotes.
  struct Lookup {
    const Transmission* first = nullptr;    // covers the range's first byte; null when it was never seen
    std::uint32_t longest_wire_packet = 0;  // of all transmissions that last covered a part of the range
    bool size_unknown = false;              // of any of them
  };
  Lookup latest_covering(std::uint64_t sequence, std::uint32_t bytes) const;
  // L3 bytes of the longest wire packet of all transmissions that touch the range and are not older than this.
  std::uint32_t longest_since(std::uint64_t sequence, std::uint32_t bytes, std::int64_t since_ns) const;

  // The transmission that a segment behind the router came from: one that covers this byte and has bytes left that did
  // not come out, best one with the same acknowledgement and options. `covered`: some transmission covers it, whether
  // or not it has bytes left.
  struct Origin {
    Transmission* from = nullptr;
    bool covered = false;
  };
  Origin origin_of(std::uint64_t sequence, const TcpSegment& segment);

 private:
  // What a router holds back is far less; an error quotes what was refused just now.
  static constexpr std::size_t kept = 8192;
  static constexpr std::int64_t kept_ns = 3'000'000'000;

  void forget_oldest();
  const Transmission* covering(std::uint64_t sequence) const;

  std::uint64_t first_ = 0;   // index of recent_.front() since the beginning
  std::uint64_t cursor_ = 0;  // index of the last origin
  Ring<Transmission, 16> recent_;
};

}  // namespace offlab
