#include "executor/message_lines.h"

#include <array>
#include <cerrno>

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.h"

namespace offlab {

std::optional<Message> MessageLines::next(int descriptor, const Deadline& deadline, const std::stop_token& stop) {
  while (true) {
    const auto end = buffer_.find('\n');
    if (end != std::string::npos) {
      const std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return message_from_line(line);
    }
    deadline.check(stop);
    pollfd readable{descriptor, POLLIN, 0};
    if (poll(&readable, 1, static_cast<int>(deadline.left(std::chrono::milliseconds(100)).count())) <= 0) continue;
    std::array<char, 65536> chunk;
    const ssize_t got = read(descriptor, chunk.data(), chunk.size());
    if (got > 0) buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) continue;
    if (buffer_.empty()) return std::nullopt;
    const std::string rest = std::exchange(buffer_, {});
    throw Error(fmt::format("the stream of messages ended inside of one: '{}'", rest.substr(0, 200)));
  }
}

}  // namespace offlab
