// One TCP connection that sends, as stacks derived from BSD did for many years. What makes them different
// from others in a storm of "fragmentation needed": each such error rewinds them to the first unacknowledged byte and
// they send the whole window again at once, however often they did so before, and the congestion window stays as it is.
//
// Sources, by file and function:
//   FreeBSD up to 10.4, sys/netinet/tcp_subr.c: tcp_ctlinput() calls tcp_mtudisc() for every ICMP 3/4 whose quoted
//     sequence number is in [snd_una, snd_max). It does not ask whether the MTU is smaller than what is sent.
//     tcp_mtudisc() takes the MSS from the MTU, sets snd_nxt = snd_una, leaves fast recovery, and calls tcp_output();
//     snd_cwnd is not touched. FreeBSD of today ignores an MTU that is not smaller than the current one ("Only process
//     the offered MTU if it is smaller than the current one"). So do NetBSD and OpenBSD (t_pmtud_mtu_sent), and NetBSD
//     goes back to its initial window.
//   Linux, for contrast, net/ipv4/tcp_ipv4.c: tcp_v4_mtu_reduced() does something only when the MSS gets smaller
//     (icsk_pmtu_cookie > mtu): a storm of errors with an MTU that it already obeys changes nothing, and it waits for
//     its timer.
// The rest is Reno as in 4.4BSD and RFC 5681, RFC 6582 and RFC 6298, without SACK, window scale and timestamps, so that
// its window is at most 65535 bytes.
//
// No clock and no socket: the caller says what time it is (microseconds), and asks for what is to be sent.
#pragma once

#include <cstdint>
#include <optional>

#include "wire.h"

namespace offlab::guest {

using Microseconds = std::uint64_t;

// Bytes to send, one or several segments of `mss` each.
struct Piece {
  std::uint32_t sequence = 0;
  std::uint32_t size = 0;
  bool again = false;  // at least a part of it was sent before
};

class BsdStream {
 public:
  BsdStream() = default;  // closed
  // A SYN came; `first` is the sequence number to begin with.
  BsdStream(const Segment& syn, std::uint32_t first, Microseconds now);

  bool is_closed() const { return state_ == State::closed; }
  bool is_established() const { return state_ == State::established; }
  bool owes_syn_ack() const { return owes_syn_ack_; }
  void syn_ack_was_sent() { owes_syn_ack_ = false; }
  const Ends& ends() const { return ends_; }
  const Mac& peer() const { return peer_; }

  // A segment of this connection that is no SYN. FIN and RST close it.
  void receive(const Segment& segment, Microseconds now);
  // Returns whether it led to sending the window again.
  bool receive(const NeedFrag& error);
  // The application writes `bytes`; what would make more than 65535 unacknowledged ones is left. Returns what was
  // taken.
  std::uint32_t write(std::uint32_t bytes, Microseconds now);
  // Does what is due. Returns whether the retransmission timer fired.
  bool tick(Microseconds now);
  std::optional<Microseconds> next_tick() const { return timer_; }
  // The next piece of at most `segments` segments that the window allows; nothing: it has to wait.
  std::optional<Piece> next_piece(std::uint32_t segments, Microseconds now);

  std::uint32_t first() const { return first_; }
  std::uint32_t next_sequence() const { return next_; }
  std::uint32_t received_up_to() const { return received_up_to_; }
  std::uint32_t mss() const { return mss_; }
  std::uint32_t congestion_window() const { return congestion_window_; }
  std::uint64_t acknowledged_bytes() const { return acknowledged_bytes_; }

 private:
  enum class State { closed, syn_received, established };

  void acknowledge(std::uint32_t up_to, Microseconds now);
  void count_duplicate();
  void grow_window();
  void measure_round_trip(std::uint32_t up_to, Microseconds now);
  std::uint32_t window() const;

  State state_ = State::closed;
  Ends ends_;
  Mac peer_ = {};
  bool owes_syn_ack_ = false;
  std::uint32_t first_ = 0;
  std::uint32_t unacknowledged_ = 0;  // snd_una
  std::uint32_t next_ = 0;            // snd_nxt
  std::uint32_t highest_ = 0;         // snd_max
  std::uint32_t written_ = 0;         // the end of what the application wrote
  std::uint32_t recover_ = 0;
  std::uint32_t received_up_to_ = 0;  // rcv_nxt
  std::uint32_t mss_ = 536;
  std::uint32_t offered_window_ = 0;
  std::uint32_t congestion_window_ = 0;
  std::uint32_t threshold_ = 65535;
  unsigned duplicates_ = 0;
  bool recovering_ = false;
  bool resend_first_ = false;
  Microseconds timeout_ = 1'000'000;
  std::optional<Microseconds> timer_;
  Microseconds sent_at_ = 0;
  std::optional<Microseconds> timed_since_;  // a segment is timed
  std::uint32_t timed_ = 0;
  Microseconds smoothed_ = 0;
  Microseconds variation_ = 0;
  unsigned backoff_ = 0;
  std::uint64_t acknowledged_bytes_ = 0;
};

}  // namespace offlab::guest
