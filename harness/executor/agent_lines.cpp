#include "executor/agent_lines.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"
#include "process/broken_pipe.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_line = std::size_t{64} * 1024 * 1024;

}  // namespace

bool AgentReader::fill(const Deadline& deadline, const std::stop_token& stop) {
  while (true) {
    deadline.check(stop);
    pollfd readable{descriptor_, POLLIN, 0};
    if (poll(&readable, 1, static_cast<int>(deadline.left(milliseconds(100)).count())) <= 0) continue;
    std::array<char, std::size_t{1} << 18U> chunk;
    const ssize_t got = read(descriptor_, chunk.data(), chunk.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }
}

std::optional<std::string> AgentReader::line(const Deadline& deadline, const std::stop_token& stop) {
  std::size_t seen = 0;
  while (true) {
    const auto end = buffer_.find('\n', seen);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    seen = buffer_.size();
    if (seen > longest_line) throw Error(fmt::format("a line of more than {} bytes", longest_line));
    if (!fill(deadline, stop)) return std::nullopt;
  }
}

void AgentReader::bytes(std::uint64_t bytes, milliseconds silence, const std::stop_token& stop,
                        const std::function<void(std::string_view)>& sink) {
  while (bytes > 0) {
    if (buffer_.empty() && !fill(Deadline("the rest of a file", silence), stop))
      throw Error("the stream ended inside of a file");
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, buffer_.size()));
    sink(std::string_view(buffer_).substr(0, part));
    buffer_.erase(0, part);
    bytes -= part;
  }
}

void AgentReader::file(const std::filesystem::path& path, std::uint64_t length, milliseconds silence,
                       const std::stop_token& stop) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::filesystem::remove(path, ignored);
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  std::optional<Error> failure;
  if (!file) failure = system_error(fmt::format("writing {}", path.string()));
  bytes(length, silence, stop, [&](std::string_view part) {
    while (!failure && !part.empty()) {
      const ssize_t wrote = write(file.get(), part.data(), part.size());
      if (wrote > 0)
        part.remove_prefix(static_cast<std::size_t>(wrote));
      else if (errno != EINTR)
        failure = system_error(fmt::format("writing {}", path.string()));
    }
  });
  if (failure) throw Error(*failure);
}

void AgentWriter::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  write_all(std::string(text) + "\n");
}

void AgentWriter::file(const std::filesystem::path& path,
                       const std::function<AgentMessage(std::uint64_t bytes)>& header) {
  const std::string action = fmt::format("reading {}", path.string());
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat about {};
  if (!file || fstat(file.get(), &about) != 0) throw system_error(action);
  if (!S_ISREG(about.st_mode)) throw Error(fmt::format("{} is no regular file", path.string()));
  const std::lock_guard lock(mutex_);
  write_all(agent_message_to_line(header(static_cast<std::uint64_t>(about.st_size))) + "\n");
  std::vector<char> chunk(std::size_t{1} << 18U);
  auto left = static_cast<std::uint64_t>(about.st_size);
  while (left > 0) {  // a file that becomes shorter meanwhile is filled up, one that becomes longer is cut
    const ssize_t got = read(file.get(), chunk.data(), std::min<std::uint64_t>(chunk.size(), left));
    if (got <= 0) std::fill(chunk.begin(), chunk.end(), '\0');
    const auto part = got > 0 ? static_cast<std::uint64_t>(got) : std::min<std::uint64_t>(chunk.size(), left);
    write_all({chunk.data(), static_cast<std::size_t>(part)});
    left -= part;
  }
}

void AgentWriter::write_all(std::string_view bytes) const {
  const BrokenPipeIsAnError guard;
  fcntl(descriptor_, F_SETFL, fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  Deadline silence("the other end", silence_);
  while (!bytes.empty()) {
    const ssize_t wrote = write(descriptor_, bytes.data(), bytes.size());
    if (wrote > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
      silence = Deadline("the other end", silence_);
    } else if (errno == EAGAIN || errno == EINTR) {
      silence.check({});
      pollfd ready{descriptor_, POLLOUT, 0};
      poll(&ready, 1, static_cast<int>(silence.left(milliseconds(100)).count()));
    } else {
      throw errno == EPIPE ? Error("the connection ended") : system_error("writing to the other end");
    }
  }
}

}  // namespace offlab
