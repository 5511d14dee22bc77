#include "bsd_stream.h"

#include <algorithm>

namespace offlab::guest {
namespace {

constexpr std::uint32_t header_bytes = ip_size + tcp_size;
constexpr std::uint32_t smallest_mss = 216;         // TCP_MINMSS of FreeBSD, tcp.h
constexpr std::uint32_t initial_segments = 10;      // RFC 6928
constexpr Microseconds shortest_timeout = 230'000;  // FreeBSD, tcp_timer.h: TCPTV_MIN and TCPTV_CPU_VAR
constexpr Microseconds longest_timeout = 64'000'000;
constexpr unsigned most_backoff = 6;
constexpr std::uint32_t largest_window = 65535;

// Sequence numbers go round: a is before b when the way from a to b is the shorter one.
bool before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

}  // namespace

BsdStream::BsdStream(const Segment& syn, std::uint32_t first, Microseconds now)
    : state_(State::syn_received),
      ends_(syn.ends),
      peer_(syn.from),
      owes_syn_ack_(true),
      first_(first),
      unacknowledged_(first),
      next_(first + 1),
      highest_(first + 1),
      written_(first + 1),
      recover_(first),
      received_up_to_(syn.sequence + 1),
      mss_(std::max<std::uint32_t>(smallest_mss, syn.mss == 0 ? 536 : std::min<std::uint32_t>(syn.mss, 1460))),
      offered_window_(syn.window),
      congestion_window_(initial_segments * mss_),
      timer_(now + timeout_) {}

std::uint32_t BsdStream::window() const {
  return std::min(congestion_window_, offered_window_);
}

void BsdStream::receive(const Segment& segment, Microseconds now) {
  if (state_ == State::closed) return;
  if ((segment.flags & (flag_rst | flag_fin)) != 0) {
    state_ = State::closed;
    timer_.reset();
    return;
  }
  if ((segment.flags & flag_ack) == 0) return;
  if (before(segment.acknowledged, unacknowledged_) || before(highest_, segment.acknowledged)) return;
  const bool moved_window = segment.window != offered_window_;
  offered_window_ = segment.window;
  if (state_ == State::syn_received) {
    if (segment.acknowledged == first_) return;
    state_ = State::established;
    owes_syn_ack_ = false;
    unacknowledged_ = first_ + 1;
    timer_.reset();
    backoff_ = 0;
  }
  if (segment.acknowledged != unacknowledged_)
    acknowledge(segment.acknowledged, now);
  else if (segment.payload == 0 && !moved_window && highest_ != unacknowledged_)
    count_duplicate();
}

void BsdStream::acknowledge(std::uint32_t up_to, Microseconds now) {
  measure_round_trip(up_to, now);
  const std::uint32_t progress = up_to - unacknowledged_;
  acknowledged_bytes_ += progress;
  unacknowledged_ = up_to;
  if (before(next_, up_to)) next_ = up_to;
  backoff_ = 0;
  if (!recovering_) {
    grow_window();
  } else if (before(up_to, recover_)) {  // a partial acknowledgement: the next hole begins here
    resend_first_ = true;
    congestion_window_ -= std::min(congestion_window_ - mss_, progress);
    congestion_window_ += mss_;
  } else {
    recovering_ = false;
    congestion_window_ = threshold_;
  }
  duplicates_ = 0;
  timer_.reset();
  if (highest_ != unacknowledged_) timer_ = now + timeout_;
}

void BsdStream::grow_window() {
  congestion_window_ +=
      congestion_window_ < threshold_ ? mss_ : std::max<std::uint32_t>(1, mss_ * mss_ / congestion_window_);
  congestion_window_ = std::min(congestion_window_, largest_window);
}

void BsdStream::count_duplicate() {
  constexpr unsigned enough = 3;
  if (++duplicates_ < enough) return;
  if (duplicates_ > enough) {
    if (recovering_) congestion_window_ += mss_;
    return;
  }
  if (recovering_ || before(unacknowledged_, recover_)) return;
  threshold_ = std::max(2 * mss_, window() / 2);
  congestion_window_ = threshold_ + enough * mss_;
  recovering_ = true;
  recover_ = highest_;
  resend_first_ = true;
  timed_since_.reset();
}

// The heart of it: tcp_ctlinput() and tcp_mtudisc() in one.
bool BsdStream::receive(const NeedFrag& error) {
  if (state_ != State::established) return false;
  if (before(error.sequence, unacknowledged_) || !before(error.sequence, highest_)) return false;
  const std::uint32_t fits = error.mtu > header_bytes ? error.mtu - header_bytes : 0U;
  mss_ = std::max(smallest_mss, std::min(mss_, fits));
  timed_since_.reset();
  next_ = unacknowledged_;
  recover_ = highest_;
  recovering_ = false;
  resend_first_ = false;
  return true;
}

std::uint32_t BsdStream::write(std::uint32_t bytes, Microseconds now) {
  if (state_ != State::established) return 0;
  const std::uint32_t taken = std::min(bytes, largest_window - (written_ - unacknowledged_));
  // After an idle time the window that is known says nothing any more: RFC 5681, 4.1.
  if (highest_ == unacknowledged_ && now - sent_at_ > timeout_)
    congestion_window_ = std::min(congestion_window_, initial_segments * mss_);
  written_ += taken;
  return taken;
}

bool BsdStream::tick(Microseconds now) {
  if (!timer_ || now < *timer_) return false;
  backoff_ = std::min(backoff_ + 1, most_backoff);
  timer_ = now + std::min(timeout_ << backoff_, longest_timeout);
  timed_since_.reset();
  if (state_ == State::syn_received) {
    owes_syn_ack_ = true;
    return true;
  }
  threshold_ = std::max(2 * mss_, window() / 2);
  congestion_window_ = mss_;
  next_ = unacknowledged_;
  recover_ = highest_;
  recovering_ = false;
  resend_first_ = false;
  duplicates_ = 0;
  if (offered_window_ == 0) resend_first_ = true;  // asks whether the window is open again
  return true;
}

std::optional<Piece> BsdStream::next_piece(std::uint32_t segments, Microseconds now) {
  if (state_ != State::established) return std::nullopt;
  Piece piece;
  if (resend_first_) {
    resend_first_ = false;
    piece = {unacknowledged_, std::min(mss_, written_ - unacknowledged_), true};
  } else {
    const std::uint32_t sent = next_ - unacknowledged_;
    if (sent >= window()) {
      if (!timer_ && written_ != unacknowledged_) timer_ = now + timeout_;  // asks for the closed window later
      return std::nullopt;
    }
    const std::uint32_t left = written_ - next_;
    std::uint32_t size = std::min({window() - sent, left, segments * mss_});
    if (size > mss_) size -= size % mss_;
    if (size == 0 || (size < mss_ && size < left)) return std::nullopt;  // a small rest waits: RFC 9293, 3.8.6.2.1
    piece = {next_, size, before(next_, highest_)};
    next_ += size;
  }
  if (piece.size == 0) return std::nullopt;
  sent_at_ = now;
  const std::uint32_t end = piece.sequence + piece.size;
  if (before(highest_, end)) highest_ = end;
  if (before(next_, end)) next_ = end;
  if (!timer_) timer_ = now + timeout_;
  if (!timed_since_ && !piece.again) {
    timed_since_ = now;
    timed_ = piece.sequence;
  }
  return piece;
}

// RFC 6298. What was sent twice is not timed.
void BsdStream::measure_round_trip(std::uint32_t up_to, Microseconds now) {
  if (!timed_since_ || !before(timed_, up_to)) return;
  const Microseconds took = now - *timed_since_;
  timed_since_.reset();
  if (smoothed_ == 0) {
    smoothed_ = took;
    variation_ = took / 2;
  } else {
    const Microseconds off = took > smoothed_ ? took - smoothed_ : smoothed_ - took;
    variation_ = (3 * variation_ + off) / 4;
    smoothed_ = (7 * smoothed_ + took) / 8;
  }
  timeout_ = std::clamp(smoothed_ + 4 * variation_, shortest_timeout, longest_timeout);
}

}  // namespace offlab::guest
