#include "lab/background_load.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "plan/deadlines.h"

namespace offlab {

using std::chrono::milliseconds;

// One command in one guest, which runs until its stdin ends.
class BackgroundLoad::Side {
 public:
  Side(NodeShell& shell, Clock& clock, std::string node, const std::string& command, milliseconds limit,
       const std::stop_token& stop)
      : clock_(clock), node_(std::move(node)), outer_(stop, [this] { left_.request_stop(); }) {
    thread_ = std::jthread([this, &shell, command, limit] { run(shell, command, limit); });
  }
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;
  ~Side() {
    enough_.request_stop();
    left_.request_stop();
  }

  // Returns when the command has printed this line.
  void await(const std::string& line, const std::stop_token& stop) {
    const Deadline deadline(fmt::format("'{}' of the background load on {}", line, node_), limits::command, clock_);
    std::unique_lock lock(mutex_);
    for (;;) {
      deadline.check(stop);
      if (text_.find(line + "\n") != std::string::npos) return;
      if (ended_) throw Error(fmt::format("the background load on {} did not start: {}", node_, trouble_));
      changed_.wait_for(lock, slice);
    }
  }

  void ask_to_end() { enough_.request_stop(); }

  // What it printed, when it has ended; a guest that does not end it is left. Throws Interrupted after a stop.
  std::string take(std::string& trouble) {
    const Deadline deadline(fmt::format("the end of the background load on {}", node_), limits::command, clock_);
    std::unique_lock lock(mutex_);
    while (!ended_ && !deadline.passed() && !left_.stop_requested()) changed_.wait_for(lock, slice);
    if (left_.stop_requested()) throw Interrupted();
    if (!ended_) trouble_ = fmt::format("{} did not end", node_);
    if (!trouble_.empty()) trouble += (trouble.empty() ? "" : "; ") + trouble_;
    return text_;
  }

 private:
  static constexpr milliseconds slice{100};
  static constexpr std::size_t longest_output = 65536;

  void run(NodeShell& shell, const std::string& command, milliseconds limit) {
    std::string trouble;
    try {
      const CommandEnd end = shell.stream(
          node_, command, [this](std::string_view chunk) { add(chunk); },
          Deadline(fmt::format("the background load on {}", node_), limit, clock_), left_.get_token(),
          enough_.get_token());
      if (end.exit_status != 0)
        trouble = fmt::format("{}: exit status {} {}", node_, end.exit_status, without_last_ends_of_line(end.errors));
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    trouble_ = trouble;
    changed_.notify_all();
  }

  void add(std::string_view chunk) {
    const std::lock_guard lock(mutex_);
    if (text_.size() + chunk.size() > longest_output) throw Error("the background load prints without end");
    text_ += chunk;
    changed_.notify_all();
  }

  Clock& clock_;
  std::string node_;
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

BackgroundLoad::BackgroundLoad(NodeShell& shell, Clock& clock, const step::StartBackground& start,
                               const std::stop_token& stop) {
  const milliseconds limit = limits::of_background(start);
  sender_ = std::make_unique<Side>(shell, clock, start.sender, start.send, limit, stop);
  sender_->await("listening", stop);
  receiver_ = std::make_unique<Side>(shell, clock, start.receiver, start.receive, limit, stop);
  receiver_->await("connected", stop);
}

BackgroundLoad::~BackgroundLoad() = default;

BackgroundOutput BackgroundLoad::end() {
  BackgroundOutput output;
  sender_->ask_to_end();
  output.sender = sender_->take(output.trouble);
  receiver_->ask_to_end();
  output.receiver = receiver_->take(output.trouble);
  return output;
}

}  // namespace offlab
