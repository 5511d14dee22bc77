#include "machine/byte_queue.h"

#include <algorithm>
#include <cstring>

namespace offlab {

bool ByteQueue::put(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return bytes_ < capacity || left_; });
  if (left_) return false;
  if (bytes.empty()) return true;
  chunks_.emplace_back(bytes);
  bytes_ += bytes.size();
  changed_.notify_all();
  return true;
}

void ByteQueue::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void ByteQueue::leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  changed_.notify_all();
}

std::size_t ByteQueue::take(std::span<std::uint8_t> room) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return bytes_ > 0 || ended_; });
  std::size_t taken = 0;
  while (taken < room.size() && !chunks_.empty()) {
    const std::string& first = chunks_.front();
    const std::size_t size = std::min(room.size() - taken, first.size() - used_);
    std::memcpy(room.data() + taken, first.data() + used_, size);
    taken += size;
    used_ += size;
    if (used_ < first.size()) break;
    chunks_.pop_front();
    used_ = 0;
  }
  bytes_ -= taken;
  changed_.notify_all();
  return taken;
}

}  // namespace offlab
