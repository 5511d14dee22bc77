// A program in a guest that runs beside everything else until its stdin ends.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "port/node_shell.h"

namespace offlab {

class GuestProgram {
 public:
  // What programs print when others can connect to them, and when they are connected.
  static constexpr const char* listening = "listening";
  static constexpr const char* connected = "connected";

  struct Start {
    std::string node;
    std::string command;
    std::string purpose;                 // "the background load", for messages
    std::chrono::milliseconds limit{};   // after which it has ended by itself
    std::size_t longest_output = 65536;  // bytes
  };

  GuestProgram(NodeShell& shell, Clock& clock, Start start, const std::stop_token& stop);
  GuestProgram(const GuestProgram&) = delete;
  GuestProgram& operator=(const GuestProgram&) = delete;
  ~GuestProgram();  // ends it, and does not wait for what it prints then

  // Returns when it has printed this line. Throws Error when it ends before that.
  void await(const std::string& line, const std::stop_token& stop);
  // True when it has ended by itself in this time.
  bool has_ended_within(std::chrono::milliseconds time, const std::stop_token& stop);
  // Ends its stdin.
  void ask_to_end() { enough_.request_stop(); }
  // What it printed, when it has ended; a guest that does not end it is left. Throws Interrupted after a stop.
  // `trouble` gets what went wrong, after what it has already.
  std::string take(std::string& trouble);

 private:
  void run(NodeShell& shell);
  void add(std::string_view chunk);

  Clock& clock_;
  Start start_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::string trouble_;
  bool ended_ = false;
  std::stop_source enough_;
  std::stop_source left_;
  std::stop_callback<std::function<void()>> outer_;
  std::jthread thread_;
};

}  // namespace offlab
