#include "capture/pcapng_encode.h"

#include "base/clean_text.h"
#include "capture/pcapng_format.h"

namespace offlab::pcapng {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void begin_block(Block& block, std::uint32_t type) {
  block.clear();
  append_number(block, type);
  append_number(block, std::uint32_t{0});  // total length, known at the end
}

void end_block(Block& block) {
  const auto total = static_cast<std::uint32_t>(block.size() + 4);
  append_number(block, total);
  for (std::size_t byte = 0; byte < 4; ++byte) block[4 + byte] = static_cast<std::uint8_t>(total >> (8 * byte));
}

void append_padded(Block& block, std::span<const std::uint8_t> bytes) {
  block.insert(block.end(), bytes.begin(), bytes.end());
  block.resize(padded(block.size()));
}

void append_time(Block& block, std::int64_t time_ns) {
  const auto ticks = static_cast<std::uint64_t>(time_ns);
  append_number(block, static_cast<std::uint32_t>(ticks >> 32U));
  append_number(block, static_cast<std::uint32_t>(ticks));
}

void append_option(Block& block, std::uint16_t code, std::span<const std::uint8_t> value) {
  append_number(block, code);
  append_number(block, static_cast<std::uint16_t>(value.size()));
  append_padded(block, value);
}

void append_option(Block& block, std::uint16_t code, std::string_view text) {
  constexpr std::size_t longest = 60'000;
  append_option(block, code, bytes_of(clean_text(text.substr(0, longest))));
}

void append_end_of_options(Block& block) {
  append_number(block, option_end);
  append_number(block, std::uint16_t{0});
}

}  // namespace offlab::pcapng
