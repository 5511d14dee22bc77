// The blocks of a pcapng file, and the options in them, before anybody asks what they mean. Every length is checked.
// Format: draft-ietf-opsawg-pcapng.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "capture/byte_order.h"
#include "capture/capture_stream.h"

namespace offlab {

struct PcapngBlock {
  std::uint32_t type = 0;
  std::span<std::uint8_t> whole;  // empty: longer than the buffer, and of a type that is not read here
  std::span<std::uint8_t> body;   // without the type and the two lengths
};

class PcapngBlocks {
 public:
  static bool recognises(std::span<const std::uint8_t> start);

  explicit PcapngBlocks(CaptureStream stream) : stream_(std::move(stream)) {}

  // False at the end. The spans are valid until the next call. Throws Error.
  bool next(PcapngBlock& block);

  // Of the section that the last block is in.
  ByteOrder order() const { return order_; }
  // For what is wrong with the last block.
  DamagedCapture damaged(std::string_view what) const { return stream_.damaged(what); }
  void count_frame() { stream_.count_frame(); }
  std::string name() const { return stream_.name(); }

 private:
  std::uint32_t read_head(PcapngBlock& block);
  bool pass_over(PcapngBlock& block, std::uint32_t total);

  CaptureStream stream_;
  ByteOrder order_;
  std::size_t pending_ = 0;  // bytes of the last block, which damaged() still points at
};

struct PcapngOption {
  std::uint16_t code = 0;
  std::span<const std::uint8_t> value;
  std::span<const std::uint8_t> whole;

  std::string_view text() const { return {reinterpret_cast<const char*>(value.data()), value.size()}; }
};

// Walks over the options that end a block.
class PcapngOptions {
 public:
  PcapngOptions(std::span<const std::uint8_t> bytes, ByteOrder order) : left_(bytes), order_(order) {}

  // False at their end, and where they run past the block.
  bool next(PcapngOption& option);
  bool ran_past() const { return ran_past_; }
  // What next() did not pass over: the end marker, or nothing.
  std::span<const std::uint8_t> rest() const { return left_; }

 private:
  std::span<const std::uint8_t> left_;
  ByteOrder order_;
  bool ran_past_ = false;
};

}  // namespace offlab
