#include "capture/capture_stream.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <sys/stat.h>

namespace offlab {
namespace {

constexpr std::size_t reading_size = 128U << 10U;

std::uint64_t size_of(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return CaptureStream::capacity;
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

CaptureStream::CaptureStream(UniqueFd file, const std::filesystem::path& name)
    : CaptureStream(nullptr, name, size_of(file.get())) {
  bytes_ = std::make_unique<FileBytes>(std::move(file), name.string());
}

// Small files, of which tests read many, get a small buffer.
CaptureStream::CaptureStream(std::unique_ptr<ByteSource> bytes, const std::filesystem::path& name, std::uint64_t size,
                             bool is_compressed)
    : file_(name),
      bytes_(std::move(bytes)),
      is_compressed_(is_compressed),
      size_(std::clamp<std::size_t>(size, 4096, capacity)),
      buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(headroom + size_)) {}

bool CaptureStream::fill(std::size_t size) {
  if (size > size_) return false;
  std::memmove(buffer_.get() + headroom, buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_ - headroom;
  begin_ = headroom;
  // The beginning of the buffer is used again and again, so that it stays in the caches.
  const std::size_t wanted = std::min(size_, std::max(size, reading_size));
  while (end_ - begin_ < size) {
    const std::size_t got = read({buffer_.get() + end_, wanted - (end_ - begin_)});
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

std::size_t CaptureStream::read(std::span<std::uint8_t> room) {
  try {
    return bytes_->read(room);
  } catch (const BrokenOff& broken) {
    throw TruncatedCapture(fmt::format("{} ends early {}: {}", name(), place(), broken.what()), frames_,
                           broken.remedy());
  }
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

DamagedCapture CaptureStream::damaged(std::string_view what) const {
  return DamagedCapture(fmt::format("{} is damaged {}: {}", name(), place(), what), is_compressed_);
}

TruncatedCapture CaptureStream::truncated() const {
  return {fmt::format("{} is cut off {}: the capture was still running, or it was killed", name(), place()), frames_};
}

}  // namespace offlab
