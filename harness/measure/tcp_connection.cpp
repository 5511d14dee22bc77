#include "measure/tcp_connection.h"

#include <algorithm>

#include "measure/fetch_memory.h"

namespace offlab {

void TcpConnection::fetch() const {
  // Of its last members a frame needs the beginning, and then what fetch_further knows.
  constexpr std::size_t beginning = 64;
  const auto* begin = reinterpret_cast<const char*>(this);
  fetch_memory(begin, static_cast<std::size_t>(reinterpret_cast<const char*>(&sent) - begin) + beginning);
  fetch_memory(&outstanding, beginning);
}

void TcpConnection::fetch_further() const {
  sent.fetch();
  outstanding.fetch();
  if (returned) fetch_memory(&(*returned)[(returned_count - 1) % returned->size()], sizeof(ReturnedHeader));
}

void RoundTrip::sent(std::uint64_t end, std::int64_t time_ns) {
  if (waiting_for_ != 0) return;
  waiting_for_ = end;
  sent_ns_ = time_ns;
}

void RoundTrip::acknowledged(std::uint64_t up_to, std::int64_t time_ns) {
  if (waiting_for_ == 0 || up_to < waiting_for_) return;
  waiting_for_ = 0;
  const std::int64_t sample = std::max<std::int64_t>(time_ns - sent_ns_, 0);
  if (smoothed_ns_ == 0) {
    smoothed_ns_ = sample;
    variation_ns_ = sample / 2;
    return;
  }
  const std::int64_t error = sample > smoothed_ns_ ? sample - smoothed_ns_ : smoothed_ns_ - sample;
  variation_ns_ += (error - variation_ns_) / 4;
  smoothed_ns_ += (sample - smoothed_ns_) / 8;
}

std::int64_t RoundTrip::timeout_ns() const {
  constexpr std::int64_t least = 200'000'000;  // Linux' TCP_RTO_MIN
  return std::max(least, smoothed_ns_ + 4 * variation_ns_);
}

}  // namespace offlab
