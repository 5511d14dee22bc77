// The bytes of a capture, wherever they come from: a file, a pipe, or what was compressed in one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/error.h"
#include "base/handle.h"

namespace offlab {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `room`, which is not empty, with at least one byte; returns how many, 0 at the end. Throws
  // Error, and BrokenOff where nothing comes any more although the end is not reached.
  virtual std::size_t read(std::span<std::uint8_t> room) = 0;
};

// Compressed bytes that are damaged or cut off, and why ("its gzip data ends early"); whoever knows the file's name
// adds it. All that was read before is good, as far as the format can tell.
class BrokenOff : public Error {
 public:
  using Error::Error;
};

class FileBytes : public ByteSource {
 public:
  // `name` is for people.
  FileBytes(UniqueFd file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  // The first bytes, which read() gives all the same; fewer than eight when the file has no more. Before the first
  // read().
  std::span<const std::uint8_t> start();
  std::size_t read(std::span<std::uint8_t> room) override;

 private:
  std::size_t read_file(std::span<std::uint8_t> room) const;

  UniqueFd file_;
  std::string name_;
  std::array<std::uint8_t, 8> start_ = {};
  std::span<const std::uint8_t> start_left_;  // of what start() has read
};

}  // namespace offlab
