// The bytes of a capture, read in large pieces into one buffer, and the place in it, for messages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "base/handle.h"
#include "capture/byte_source.h"
#include "capture/capture_file.h"

namespace offlab {

class CaptureStream {
 public:
  static constexpr std::size_t capacity = 1U << 20U;
  // As many bytes before those that peek() gives belong to the buffer and may be overwritten.
  static constexpr std::size_t headroom = 16;

  // Of an open file; `name` is for people.
  CaptureStream(UniqueFd file, const std::filesystem::path& name);
  // Of a file of `size` bytes or so.
  CaptureStream(std::unique_ptr<ByteSource> bytes, const std::filesystem::path& name, std::uint64_t size,
                bool is_compressed = false);

  // The next `size` bytes (at most `capacity`), valid until the next call; empty when the file ends before. Throws
  // TruncatedCapture where compressed bytes break off.
  std::span<std::uint8_t> peek(std::size_t size) {
    if (size > end_ - begin_ && !fill(size)) return {};
    return {buffer_.get() + begin_, size};
  }
  // Passes over bytes that were peeked at.
  void take(std::size_t size) {
    begin_ += size;
    offset_ += size;
  }
  // Passes over any number of bytes; false when the file ends before.
  bool discard(std::uint64_t size);
  bool at_end() { return peek(1).empty(); }

  void count_frame() { ++frames_; }
  std::uint64_t frames() const { return frames_; }
  std::uint64_t offset() const { return offset_; }
  std::string name() const { return file_.string(); }

  // What is wrong at this place of the file.
  DamagedCapture damaged(std::string_view what) const;
  TruncatedCapture truncated() const;

 private:
  bool fill(std::size_t size);
  std::size_t read(std::span<std::uint8_t> room);
  std::string place() const;

  std::filesystem::path file_;
  std::unique_ptr<ByteSource> bytes_;
  bool is_compressed_;
  std::size_t size_;  // of the buffer, without the headroom
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t begin_ = headroom;
  std::size_t end_ = headroom;
  std::uint64_t offset_ = 0;
  std::uint64_t frames_ = 0;
};

}  // namespace offlab
