#include "lab/guest_program.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds slice{100};

}  // namespace

GuestProgram::GuestProgram(NodeShell& shell, Clock& clock, Start start, const std::stop_token& stop)
    : clock_(clock), start_(std::move(start)), outer_(stop, [this] { left_.request_stop(); }) {
  thread_ = std::jthread([this, &shell] { run(shell); });
}

GuestProgram::~GuestProgram() {
  enough_.request_stop();
  left_.request_stop();
}

void GuestProgram::await(const std::string& line, const std::stop_token& stop) {
  const Deadline deadline(fmt::format("'{}' of {} on {}", line, start_.purpose, start_.node), limits::command, clock_);
  std::unique_lock lock(mutex_);
  for (;;) {
    deadline.check(stop);
    if (text_.find(line + "\n") != std::string::npos) return;
    if (ended_) throw Error(fmt::format("{} on {} did not start: {}", start_.purpose, start_.node, trouble_));
    changed_.wait_for(lock, slice);
  }
}

bool GuestProgram::has_ended_within(milliseconds time, const std::stop_token& stop) {
  const Deadline deadline(fmt::format("the end of {} on {}", start_.purpose, start_.node), time, clock_);
  std::unique_lock lock(mutex_);
  while (!ended_ && !deadline.passed() && !stop.stop_requested()) changed_.wait_for(lock, slice);
  return ended_;
}

std::string GuestProgram::take(std::string& trouble) {
  const Deadline deadline(fmt::format("the end of {} on {}", start_.purpose, start_.node), limits::command, clock_);
  std::unique_lock lock(mutex_);
  while (!ended_ && !deadline.passed() && !left_.stop_requested()) changed_.wait_for(lock, slice);
  if (left_.stop_requested()) throw Interrupted();
  if (!ended_) trouble_ = fmt::format("{} did not end", start_.node);
  if (!trouble_.empty()) trouble += (trouble.empty() ? "" : "; ") + trouble_;
  return text_;
}

void GuestProgram::run(NodeShell& shell) {
  std::string trouble;
  try {
    const CommandEnd end = shell.stream(
        start_.node, start_.command, [this](std::string_view chunk) { add(chunk); },
        Deadline(fmt::format("{} on {}", start_.purpose, start_.node), start_.limit, clock_), left_.get_token(),
        enough_.get_token());
    if (end.exit_status != 0)
      trouble =
          fmt::format("{}: exit status {} {}", start_.node, end.exit_status, without_last_ends_of_line(end.errors));
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  trouble_ = trouble;
  changed_.notify_all();
}

void GuestProgram::add(std::string_view chunk) {
  const std::lock_guard lock(mutex_);
  if (text_.size() + chunk.size() > start_.longest_output)
    throw Error(fmt::format("{} prints without end", start_.purpose));
  text_ += chunk;
  changed_.notify_all();
}

}  // namespace offlab
