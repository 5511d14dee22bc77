#include "measure/outstanding_ranges.h"

#include <algorithm>
#include <iterator>

namespace offlab {

OutstandingRanges::Ranges::iterator OutstandingRanges::cut_at(std::uint64_t at) {
  auto next = ranges_.lower_bound(at);
  if (next == ranges_.begin() || (next != ranges_.end() && next->first == at)) return next;
  const auto before = std::prev(next);
  if (before->second.end <= at) return next;
  Range rest = before->second;
  before->second.end = at;
  return ranges_.emplace_hint(next, at, rest);
}

bool OutstandingRanges::enter(std::uint64_t begin, std::uint64_t end, std::size_t size_class, std::int64_t time_ns) {
  ++passages_[size_class].sent;
  if (furthest_ == 0) furthest_ = begin;
  if (begin < furthest_) {
    bool counted = false;
    cut_at(std::min(end, furthest_));
    for (auto at = cut_at(begin); at != ranges_.end() && at->first < end; ++at) {
      // One lost transmission, however many pieces of it are left.
      if (!counted) count_loss(at->second);
      counted = true;
      at->second.size_class = size_class;
    }
  }
  if (end <= furthest_) return false;
  const std::uint64_t from = std::max(begin, furthest_);
  ranges_.emplace_hint(ranges_.end(), from, Range{end, time_ns, size_class});
  furthest_ = end;
  return true;
}

bool OutstandingRanges::leave(std::uint64_t begin, std::uint64_t end) {
  auto at = cut_at(begin);
  if (at == ranges_.end() || at->first >= end) return false;
  const auto last = cut_at(end);
  ranges_.erase(cut_at(begin), last);
  return true;
}

void OutstandingRanges::acknowledge(std::uint64_t up_to) {
  if (!ranges_.empty() && ranges_.begin()->first < up_to) leave(0, up_to);
}

void OutstandingRanges::expire(std::int64_t now_ns) {
  // The lowest range is the one that waits longest: later data is sent later.
  while (!ranges_.empty() && now_ns - ranges_.begin()->second.since_ns > patience_ns_) {
    const auto oldest = ranges_.begin();
    lost_bytes_ += oldest->second.end - oldest->first;
    count_loss(oldest->second);
    ranges_.erase(oldest);
  }
}

}  // namespace offlab
