// What compressed bytes hold. Several streams one after the other are one, as the programs that unpack them have it,
// and zero bytes behind a stream are padding.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "capture/byte_source.h"
#include "capture/decoder.h"

namespace offlab {

class DecodedBytes : public ByteSource {
 public:
  DecodedBytes(Compression compression, std::unique_ptr<ByteSource> packed);

  std::size_t read(std::span<std::uint8_t> room) override;

 private:
  bool decode(std::span<std::uint8_t>& room);
  bool refill();

  Compression compression_;
  std::unique_ptr<ByteSource> packed_;
  std::unique_ptr<Decoder> decoder_;
  std::vector<std::uint8_t> buffer_;
  std::span<const std::uint8_t> left_;  // of the buffer
  bool in_stream_ = true;
  std::optional<BrokenOff> broken_;
};

}  // namespace offlab
