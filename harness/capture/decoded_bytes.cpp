#include "capture/decoded_bytes.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace offlab {
namespace {

constexpr std::size_t packed_piece = 256U << 10U;

}  // namespace

DecodedBytes::DecodedBytes(Compression compression, std::unique_ptr<ByteSource> packed)
    : compression_(compression),
      packed_(std::move(packed)),
      decoder_(make_decoder(compression)),
      buffer_(packed_piece) {}

std::size_t DecodedBytes::read(std::span<std::uint8_t> room) {
  const std::size_t size = room.size();
  try {
    while (!broken_ && room.size() == size && decode(room)) continue;
  } catch (const BrokenOff& broken) {
    broken_ = broken;
  }
  if (broken_ && room.size() == size) throw BrokenOff(*broken_);
  return size - room.size();
}

// One step; false at the end.
bool DecodedBytes::decode(std::span<std::uint8_t>& room) {
  if (!in_stream_) {
    if (!refill()) return false;
    decoder_->restart();
    in_stream_ = true;
  }
  // Without new input, too: a decoder may have kept what there was no room for.
  const std::size_t packed_before = left_.size();
  const std::size_t room_before = room.size();
  if (decoder_->decode(left_, room)) {
    in_stream_ = false;
  } else if (room.size() == room_before && left_.size() == packed_before) {
    if (packed_before > 0)
      throw BrokenOff(fmt::format("its {} data is damaged (nothing comes of it)", name_of(compression_)));
    refill();
  }
  return true;
}

// Is there more input? Throws BrokenOff where there should be.
bool DecodedBytes::refill() {
  for (;;) {
    while (!in_stream_ && !left_.empty() && left_.front() == 0) left_ = left_.subspan(1);
    if (!left_.empty()) return true;
    const std::size_t got = packed_->read(buffer_);
    left_ = std::span<const std::uint8_t>(buffer_).first(got);
    if (got > 0) continue;
    if (in_stream_) throw BrokenOff(fmt::format("its {} data ends early", name_of(compression_)));
    return false;
  }
}

}  // namespace offlab
