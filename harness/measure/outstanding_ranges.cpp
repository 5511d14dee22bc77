#include "measure/outstanding_ranges.h"

#include <algorithm>

namespace offlab {

std::size_t OutstandingRanges::reaching_beyond(std::uint64_t at) const {
  if (ranges_.empty() || ranges_.back().end() <= at) return ranges_.size();
  std::size_t low = 0;  // all before it end at or before `at`
  std::size_t high = ranges_.size() - 1;
  // Mostly it is one of the lowest.
  for (std::size_t step = 1; low + step < high; step *= 2) {
    if (ranges_[low + step - 1].end() > at) {
      high = low + step - 1;
      break;
    }
    low += step;
  }
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (ranges_[middle].end() > at)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

std::size_t OutstandingRanges::cut_at(std::uint64_t at) {
  const std::size_t index = reaching_beyond(at);
  if (index == ranges_.size() || ranges_[index].begin >= at) return index;
  if (ranges_[index].left) return index + 1;
  Range rest = ranges_[index];
  ranges_[index].bytes = static_cast<std::uint32_t>(at - rest.begin);
  rest.bytes -= ranges_[index].bytes;
  rest.begin = at;
  ranges_.insert(index + 1, rest);
  return index + 1;
}

OutstandingRanges::Entered OutstandingRanges::enter(std::uint64_t begin, std::uint64_t end, std::size_t size_class,
                                                    std::int64_t time_ns, Passages& passages, bool follows) {
  Entered entered;
  const bool burst = follows && size_class != SizeClasses::superframe;
  if (burst) mark_previous(passages);
  ++transmissions_;
  bool is_followed = end > furthest_;
  if (furthest_ == 0) furthest_ = begin;
  if (begin < furthest_) {
    cut_at(std::min(end, furthest_));
    for (std::size_t at = cut_at(begin); at < ranges_.size() && ranges_[at].begin < end; ++at) {
      Range& range = ranges_[at];
      if (range.left) continue;
      if (!range.counted) remember_replaced(at);
      count_loss(at, passages);
      is_followed = true;
      entered.was_lost = true;
      range.transmission = transmissions_;
      range.size_class = static_cast<std::uint8_t>(size_class);
      range.counted = false;
      range.burst = burst;
    }
  }
  if (is_followed) ++passages.by_size[size_class].sent;
  if (is_followed && burst) ++passages.in_bursts.sent;
  if (end <= furthest_) return entered;
  entered.is_new = true;
  const std::uint64_t from = std::max(begin, furthest_);
  ranges_.push_back({from, time_ns, static_cast<std::uint32_t>(end - from), transmissions_,
                     static_cast<std::uint8_t>(size_class), false, false, burst});
  furthest_ = end;
  if (ranges_.size() > most) give_up_lowest(passages);
  return entered;
}

void OutstandingRanges::remember_replaced(std::size_t index) {
  const Range& range = ranges_[index];
  const Replaced replaced{range.begin, range.bytes, range.size_class, range.burst};
  if (replaced_.size() < most_replaced)
    replaced_.push_back(replaced);
  else
    replaced_[next_replaced_++ % most_replaced] = replaced;
}

void OutstandingRanges::forgive_replaced(std::uint64_t begin, std::uint64_t end, Passages& passages) {
  const auto found = std::find_if(replaced_.begin(), replaced_.end(), [&](const Replaced& one) {
    return one.begin < end && begin < one.begin + one.bytes;
  });
  if (found == replaced_.end()) return;
  --passages.by_size[found->size_class].lost;
  if (found->burst) --passages.in_bursts.lost;
  *found = replaced_.back();
  replaced_.pop_back();
}

bool OutstandingRanges::leave(std::uint64_t begin, std::uint64_t end, Passages& passages) {
  const std::uint64_t first_copy = mark_out(begin, end);
  if (first_copy < end - begin && !replaced_.empty()) forgive_replaced(begin, end, passages);
  return first_copy > 0;
}

std::uint64_t OutstandingRanges::mark_out(std::uint64_t begin, std::uint64_t end) {
  std::uint64_t bytes = 0;
  cut_at(end);
  for (std::size_t at = cut_at(begin); at < ranges_.size() && ranges_[at].begin < end; ++at) {
    if (!ranges_[at].left) bytes += ranges_[at].bytes;
    ranges_[at].left = true;
  }
  remove_left();
  return bytes;
}

std::uint64_t OutstandingRanges::acknowledge(std::uint64_t up_to) {
  std::uint64_t unseen = 0;
  for (std::size_t at = 0; at < ranges_.size() && ranges_[at].begin < up_to; ++at)
    if (!ranges_[at].left) unseen += std::min(ranges_[at].end(), up_to) - ranges_[at].begin;
  if (!ranges_.empty() && ranges_.front().begin < up_to) mark_out(0, up_to);
  return unseen;
}

void OutstandingRanges::leave_open(Passages& passages) {
  for (std::size_t index = 0; index < ranges_.size(); ++index)
    if (!ranges_[index].left && mark_counted(index)) {
      --passages.by_size[ranges_[index].size_class].sent;
      if (ranges_[index].burst) --passages.in_bursts.sent;
    }
}

void OutstandingRanges::count_loss(std::size_t index, Passages& passages) {
  if (!mark_counted(index)) return;
  ++passages.by_size[ranges_[index].size_class].lost;
  if (ranges_[index].burst) ++passages.in_bursts.lost;
}

void OutstandingRanges::mark_previous(Passages& passages) {
  bool is_there = false;
  for (std::size_t at = ranges_.size(); at > 0; --at) {
    Range& range = ranges_[at - 1];
    if (range.transmission != transmissions_ || range.burst || range.counted) break;
    if (range.size_class == SizeClasses::superframe) break;
    range.burst = true;
    is_there = true;
  }
  if (is_there) ++passages.in_bursts.sent;
}

bool OutstandingRanges::mark_counted(std::size_t index) {
  const Range lost = ranges_[index];
  if (lost.counted) return false;
  const auto is_piece = [&](std::size_t at) { return ranges_[at].transmission == lost.transmission; };
  std::size_t first = index;
  while (first > 0 && is_piece(first - 1)) --first;
  for (std::size_t at = first; at < ranges_.size() && is_piece(at); ++at) ranges_[at].counted = true;
  return true;
}

void OutstandingRanges::give_up_lowest(Passages& passages) {
  const Range& lowest = ranges_.front();
  if (!lowest.left) {
    lost_bytes_ += lowest.bytes;
    count_loss(0, passages);
  }
  ranges_.pop_front();
  remove_left();
}

void OutstandingRanges::remove_left() {
  while (!ranges_.empty() && ranges_.front().left) ranges_.pop_front();
}

}  // namespace offlab
