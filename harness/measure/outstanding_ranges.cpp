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

bool OutstandingRanges::enter(std::uint64_t begin, std::uint64_t end, std::size_t size_class, std::int64_t time_ns,
                              Passages& passages) {
  ++transmissions_;
  bool is_followed = end > furthest_;
  if (furthest_ == 0) furthest_ = begin;
  if (begin < furthest_) {
    cut_at(std::min(end, furthest_));
    for (std::size_t at = cut_at(begin); at < ranges_.size() && ranges_[at].begin < end; ++at) {
      Range& range = ranges_[at];
      if (range.left) continue;
      count_loss(at, passages);
      is_followed = true;
      range.transmission = transmissions_;
      range.size_class = static_cast<std::uint8_t>(size_class);
      range.counted = false;
    }
  }
  if (is_followed) ++passages[size_class].sent;
  if (end <= furthest_) return false;
  const std::uint64_t from = std::max(begin, furthest_);
  ranges_.push_back(
      {from, time_ns, static_cast<std::uint32_t>(end - from), transmissions_, static_cast<std::uint8_t>(size_class)});
  furthest_ = end;
  if (ranges_.size() > most) give_up_lowest(passages);
  return true;
}

bool OutstandingRanges::leave(std::uint64_t begin, std::uint64_t end) {
  bool some = false;
  cut_at(end);
  for (std::size_t at = cut_at(begin); at < ranges_.size() && ranges_[at].begin < end; ++at) {
    some = some || !ranges_[at].left;
    ranges_[at].left = true;
  }
  remove_left();
  return some;
}

std::uint64_t OutstandingRanges::acknowledge(std::uint64_t up_to) {
  std::uint64_t unseen = 0;
  for (std::size_t at = 0; at < ranges_.size() && ranges_[at].begin < up_to; ++at)
    if (!ranges_[at].left) unseen += std::min(ranges_[at].end(), up_to) - ranges_[at].begin;
  if (!ranges_.empty() && ranges_.front().begin < up_to) leave(0, up_to);
  return unseen;
}

void OutstandingRanges::leave_open(Passages& passages) {
  for (std::size_t index = 0; index < ranges_.size(); ++index)
    if (!ranges_[index].left && mark_counted(index)) --passages[ranges_[index].size_class].sent;
}

void OutstandingRanges::count_loss(std::size_t index, Passages& passages) {
  if (mark_counted(index)) ++passages[ranges_[index].size_class].lost;
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
