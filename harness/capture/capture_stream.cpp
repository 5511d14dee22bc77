#include "capture/capture_stream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offlab {
namespace {

constexpr std::size_t reading_size = 128U << 10U;

UniqueFd open_to_read(const std::filesystem::path& file) {
  UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw system_error(fmt::format("opening {}", file.string()));
  return fd;
}

// Small files, of which tests read many, get a small buffer.
std::size_t buffer_size_for(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return CaptureStream::capacity;
  return std::clamp<std::size_t>(static_cast<std::size_t>(status.st_size), 4096, CaptureStream::capacity);
}

}  // namespace

CaptureStream::CaptureStream(const std::filesystem::path& file) : CaptureStream(open_to_read(file), file) {}

CaptureStream::CaptureStream(UniqueFd file, const std::filesystem::path& name)
    : file_(name),
      fd_(std::move(file)),
      size_(buffer_size_for(fd_.get())),
      buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(headroom + size_)) {}

bool CaptureStream::fill(std::size_t size) {
  if (size > size_) return false;
  std::memmove(buffer_.get() + headroom, buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_ - headroom;
  begin_ = headroom;
  // The beginning of the buffer is used again and again, so that it stays in the caches.
  const std::size_t wanted = std::min(size_, std::max(size, reading_size));
  while (end_ - begin_ < size) {
    const ssize_t got = read(fd_.get(), buffer_.get() + end_, wanted - (end_ - begin_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_error(fmt::format("reading {}", name()));
    if (got == 0) return false;
    end_ += static_cast<std::size_t>(got);
  }
  return true;
}

bool CaptureStream::discard(std::uint64_t size) {
  while (size > 0) {
    const std::size_t part = std::min<std::uint64_t>(size, std::max<std::size_t>(end_ - begin_, 1));
    if (peek(part).empty()) return false;
    take(part);
    size -= part;
  }
  return true;
}

std::string CaptureStream::place() const {
  return fmt::format("at byte {}, after {} complete {}", offset_, frames_, frames_ == 1 ? "frame" : "frames");
}

Error CaptureStream::damaged(std::string_view what) const {
  return Error(fmt::format("{} is damaged {}: {}", name(), place(), what));
}

TruncatedCapture CaptureStream::truncated() const {
  return {fmt::format("{} is cut off {}: the capture was still running, or it was killed", name(), place()), frames_};
}

}  // namespace offlab
