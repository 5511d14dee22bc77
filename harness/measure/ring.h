// A queue in one piece of memory, which grows and is used again: nothing is allocated while it keeps its size.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "measure/fetch_memory.h"

namespace offlab {

template <typename Value>
class Ring {
 public:
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return values_.capacity(); }
  bool empty() const { return size_ == 0; }
  // The next push_back allocates.
  bool is_full() const { return size_ == values_.size(); }

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
    if (!empty()) return;
    std::vector<Value>().swap(values_);  // an assignment would keep it
    first_ = 0;
  }

  // For a push_back that will come soon.
  void fetch_next() const {
    if (!values_.empty()) fetch_memory(&values_[place(size_)], sizeof(Value));
  }
  // And for what is done to the lowest.
  void fetch_ends() const {
    fetch_next();
    if (!values_.empty()) fetch_memory(&values_[first_], sizeof(Value));
  }

 private:
  std::size_t place(std::size_t index) const { return (first_ + index) & (values_.size() - 1); }
  void grow() {
    std::vector<Value> larger(std::max<std::size_t>(8, 2 * values_.size()));
    for (std::size_t index = 0; index < size_; ++index) larger[index] = (*this)[index];
    values_ = std::move(larger);
    first_ = 0;
  }

  std::vector<Value> values_;  // its size is a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace offlab
