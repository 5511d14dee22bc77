// Lines and files over a pair of descriptors: what a run and an agent read and write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "record/agent_message.h"

namespace offlab {

// Of a descriptor that somebody else owns. Used by one thread.
class AgentReader {
 public:
  explicit AgentReader(int descriptor) : descriptor_(descriptor) {}

  // The next line, without its newline; nothing at the end of the stream, also inside of a line. Throws Error at the
  // deadline or for a line of more than 64 MiB, and Interrupted.
  std::optional<std::string> line(const Deadline& deadline, const std::stop_token& stop);
  // The next `bytes`, in pieces. Throws Error when none come for `silence`, or the stream ends before.
  void bytes(std::uint64_t bytes, std::chrono::milliseconds silence, const std::stop_token& stop,
             const std::function<void(std::string_view)>& sink);
  // The same into a new file. When it cannot be written, the bytes are read all the same, and then Error is thrown.
  void file(const std::filesystem::path& path, std::uint64_t length, std::chrono::milliseconds silence,
            const std::stop_token& stop);

 private:
  // False at the end of the stream.
  bool fill(const Deadline& deadline, const std::stop_token& stop);

  int descriptor_;
  std::string buffer_;
};

// Used by any thread; what one of them writes stays together.
class AgentWriter {
 public:
  // `silence`: how long the other end may take nothing.
  AgentWriter(int descriptor, std::chrono::milliseconds silence) : descriptor_(descriptor), silence_(silence) {}

  // Throw Error when the other end is gone, or takes nothing.
  void line(std::string_view text);
  void say(const AgentMessage& message) { line(agent_message_to_line(message)); }
  // `header` of the file's size, then the file. A file that is no regular one, or that cannot be read, is an Error
  // before anything is written.
  void file(const std::filesystem::path& path, const std::function<AgentMessage(std::uint64_t bytes)>& header);

 private:
  void write_all(std::string_view bytes) const;

  int descriptor_;
  std::chrono::milliseconds silence_;
  std::mutex mutex_;
};

}  // namespace offlab
