// The formats of compression that captures come in, each read by its own library. No program is started for any of
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace offlab {

enum class Compression : std::uint8_t { gzip, xz, zstd, lz4, bzip2 };

// By the first bytes of a file; nothing when it is in none of these formats.
std::optional<Compression> compression_of(std::span<const std::uint8_t> start);
// The format, and the program that unpacks it.
std::string_view name_of(Compression compression);

// Needs some MB for what the programs write unless told otherwise, and no more than about 128 MB whatever the data asks
// for.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Takes from the front of `packed` and writes to the front of `room`; both then begin behind that. True when the
  // stream is complete: restart() goes before the next one. Throws BrokenOff when the data is damaged, a wrong checksum
  // included, or needs too much memory; what came before it is written.
  virtual bool decode(std::span<const std::uint8_t>& packed, std::span<std::uint8_t>& room) = 0;
  virtual void restart() = 0;
};

std::unique_ptr<Decoder> make_decoder(Compression compression);

}  // namespace offlab
