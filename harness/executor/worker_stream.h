// A worker process and the stream of its messages.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "executor/message_lines.h"
#include "plan/deadlines.h"
#include "process/isolation.h"

namespace offlab {

class WorkerStream : public MessageSource {
 public:
  // `end`: how long it may take to end.
  WorkerStream(IsolatedProcess process, std::stop_token stop, std::chrono::milliseconds end = limits::end);
  WorkerStream(const WorkerStream&) = delete;
  WorkerStream& operator=(const WorkerStream&) = delete;
  // Ends the worker: closes its stdin and asks it to end, kills it when that takes too long. Everything in its
  // namespaces ends with it.
  ~WorkerStream() override;

  // Waits for the worker's hello. Throws Error for one of another protocol, and with what the worker says instead.
  message::Hello greet();
  // Writes `text` and a newline to the worker's stdin, which stays open: the worker ends when it closes.
  void send(const std::string& text);
  std::optional<Message> next(const Deadline& deadline) override;
  // The first process of the namespaces, as this process sees it.
  pid_t pid() const { return process_.pid; }
  // Does not ask first.
  void kill_now() const;

 private:
  IsolatedProcess process_;
  std::stop_token stop_;
  std::chrono::milliseconds end_;
  MessageLines lines_;
};

// How long the worker of such a lab may take to end: namespaces go at once, what is on machines and hosts does not.
std::chrono::milliseconds time_to_end(Isolation isolation);

// How this program is started as the worker of such a lab.
std::vector<std::string> worker_arguments(Isolation isolation, const std::filesystem::path& run_folder,
                                          const std::filesystem::path& cache_folder);

}  // namespace offlab
