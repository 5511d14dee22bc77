// A queue in one piece of memory, which grows and is used again: nothing is allocated while it keeps its size. The
// first `Kept` values are inside of the queue itself: with thousands of queues each piece of memory elsewhere is a
// wait.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "measure/fetch_memory.h"

namespace offlab {

template <typename Value, std::size_t Kept = 0>
class Ring {
  static_assert((Kept & (Kept - 1)) == 0, "a power of two");

 public:
  Ring() { use(kept_.data(), Kept); }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() = default;

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  // The next push_back allocates.
  bool is_full() const { return size_ == capacity_; }

  Value& operator[](std::size_t index) { return values_[place(index)]; }
  const Value& operator[](std::size_t index) const { return values_[place(index)]; }
  Value& front() { return (*this)[0]; }
  const Value& front() const { return (*this)[0]; }
  const Value& back() const { return (*this)[size_ - 1]; }

  void push_back(const Value& value) {
    if (is_full()) grow();
    values_[place(size_++)] = value;
  }
  void pop_front() {
    first_ = place(1);
    --size_;
  }
  // Moves all that are behind it; meant for the rare case.
  void insert(std::size_t index, const Value& value) {
    push_back(value);
    for (std::size_t at = size_ - 1; at > index; --at) std::swap((*this)[at], (*this)[at - 1]);
  }
  void give_memory_back() {
    if (!empty() || larger_.empty()) return;
    use(kept_.data(), Kept);
    std::vector<Value>().swap(larger_);  // an assignment would keep it
  }

  // For a push_back that will come soon.
  void fetch_next() const {
    if (capacity_ > 0) fetch_memory(&values_[place(size_)], sizeof(Value));
  }
  // And for what is done to the lowest.
  void fetch_ends() const {
    fetch_next();
    if (capacity_ > 0) fetch_memory(&values_[first_], sizeof(Value));
  }

 private:
  std::size_t place(std::size_t index) const { return (first_ + index) & (capacity_ - 1); }
  void use(Value* values, std::size_t capacity) {
    values_ = values;
    capacity_ = capacity;
    first_ = 0;
  }
  void grow() {
    std::vector<Value> larger(std::max<std::size_t>(8, 2 * capacity_));
    for (std::size_t index = 0; index < size_; ++index) larger[index] = (*this)[index];
    larger_ = std::move(larger);
    use(larger_.data(), larger_.size());
  }

  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // a power of two
  Value* values_ = nullptr;
  std::vector<Value> larger_;
  std::array<Value, Kept> kept_{};
};

}  // namespace offlab
