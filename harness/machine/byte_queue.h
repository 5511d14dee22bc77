// Bytes that one thread has and another one wants, as a capture's source.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "capture/byte_source.h"

namespace offlab {

class ByteQueue {
 public:
  // Waits while there is no room. False when nobody wants them any more.
  bool put(std::string_view bytes);
  // Nothing more comes.
  void end();
  // Nothing more is wanted.
  void leave();
  // Waits for at least one byte; 0 at the end.
  std::size_t take(std::span<std::uint8_t> room);

 private:
  static constexpr std::size_t capacity = std::size_t{8} * 1024 * 1024;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> chunks_;
  std::size_t used_ = 0;   // of the first chunk
  std::size_t bytes_ = 0;  // not taken yet
  bool ended_ = false;
  bool left_ = false;
};

class QueuedBytes : public ByteSource {
 public:
  explicit QueuedBytes(ByteQueue& queue) : queue_(queue) {}
  std::size_t read(std::span<std::uint8_t> room) override { return queue_.take(room); }

 private:
  ByteQueue& queue_;
};

}  // namespace offlab
