#include "capture/byte_source.h"

#include <algorithm>
#include <cerrno>

#include <fmt/core.h>
#include <unistd.h>

namespace offlab {

std::span<const std::uint8_t> FileBytes::start() {
  const std::span<std::uint8_t> room = start_;
  std::size_t size = 0;
  while (size < room.size()) {  // a pipe gives as much as it has
    const std::size_t got = read_file(room.subspan(size));
    if (got == 0) break;
    size += got;
  }
  start_left_ = room.first(size);
  return start_left_;
}

std::size_t FileBytes::read(std::span<std::uint8_t> room) {
  if (start_left_.empty()) return read_file(room);
  const std::size_t size = std::min(room.size(), start_left_.size());
  std::copy_n(start_left_.begin(), size, room.begin());
  start_left_ = start_left_.subspan(size);
  return size;
}

std::size_t FileBytes::read_file(std::span<std::uint8_t> room) const {
  for (;;) {
    const ssize_t got = ::read(file_.get(), room.data(), room.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw system_error(fmt::format("reading {}", name_));
  }
}

}  // namespace offlab
