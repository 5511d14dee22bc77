// A worker's stdin: what it is asked for, and the life of whoever started it.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/deadline.h"

namespace offlab {

class Lifeline {
 public:
  // Reads the descriptor from now on. When the other end closes it, this process is asked to end (SIGTERM), and ends by
  // itself after `grace`.
  Lifeline(int descriptor, std::chrono::milliseconds grace);
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  // The next line, without its newline. Throws Error when the other end closes before it is whole, or at the deadline.
  std::string next_line(const Deadline& deadline);
  // The same without an end to the wait: nothing when the other end closed, or a stop was asked for.
  std::optional<std::string> wait_for_line(const std::stop_token& stop);

 private:
  void take(std::string_view bytes);
  void close();

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string unfinished_;  // a line whose end has not come
  std::deque<std::string> lines_;
  bool closed_ = false;
  std::jthread watcher_;  // the last member: it uses the others
};

}  // namespace offlab
