#include "capture/pcapng_blocks.h"

#include <fmt/core.h>

#include "capture/pcapng_format.h"

namespace offlab {
namespace {

constexpr std::size_t head_size = 8;
constexpr std::size_t smallest_block = 12;

bool has_meaning(std::uint32_t type) {
  return type == pcapng::section_header || type == pcapng::interface_description || type == pcapng::obsolete_packet ||
         type == pcapng::simple_packet || type == pcapng::interface_statistics || type == pcapng::enhanced_packet;
}

}  // namespace

bool PcapngBlocks::recognises(std::span<const std::uint8_t> start) {
  return ByteOrder{}.u32(start, 0) == pcapng::section_header;
}

bool PcapngBlocks::next(PcapngBlock& block) {
  stream_.take(pending_);
  pending_ = 0;
  if (stream_.at_end()) return false;
  const std::uint32_t total = read_head(block);
  if (total < smallest_block || total % 4 != 0)
    throw stream_.damaged(fmt::format("a block of {} bytes cannot be", total));
  if (total > CaptureStream::capacity) return pass_over(block, total);
  block.whole = stream_.peek(total);
  if (block.whole.empty()) throw stream_.truncated();
  if (order_.u32(block.whole, total - 4) != total) throw stream_.damaged("the two lengths of a block differ");
  block.body = block.whole.subspan(head_size, total - smallest_block);
  pending_ = total;
  return true;
}

// Returns the block's length. A section header decides the byte order of all that follows, itself included.
std::uint32_t PcapngBlocks::read_head(PcapngBlock& block) {
  auto head = stream_.peek(head_size);
  if (head.empty()) throw stream_.truncated();
  block.type = order_.u32(head, 0);
  if (block.type == pcapng::section_header) {
    head = stream_.peek(head_size + 4);
    if (head.empty()) throw stream_.truncated();
    order_.order = std::endian::little;
    if (order_.u32(head, head_size) != pcapng::byte_order_magic) order_.order = std::endian::big;
    if (order_.u32(head, head_size) != pcapng::byte_order_magic)
      throw stream_.damaged("a section header without a byte order");
  }
  return order_.u32(head, 4);
}

bool PcapngBlocks::pass_over(PcapngBlock& block, std::uint32_t total) {
  if (has_meaning(block.type)) throw stream_.damaged(fmt::format("a block of {} bytes is too long", total));
  block.whole = {};
  block.body = {};
  if (!stream_.discard(total - 4) || stream_.peek(4).empty()) throw stream_.truncated();
  if (order_.u32(stream_.peek(4), 0) != total) throw stream_.damaged("the two lengths of a block differ");
  pending_ = 4;
  return true;
}

bool PcapngOptions::next(PcapngOption& option) {
  constexpr std::size_t head = 4;
  if (left_.empty()) return false;
  if (left_.size() < head) {
    ran_past_ = true;
    return false;
  }
  option.code = order_.u16(left_, 0);
  if (option.code == pcapng::option_end) return false;
  const std::size_t size = order_.u16(left_, 2);
  if (head + pcapng::padded(size) > left_.size()) {
    ran_past_ = true;
    return false;
  }
  option.value = left_.subspan(head, size);
  option.whole = left_.first(head + pcapng::padded(size));
  left_ = left_.subspan(option.whole.size());
  return true;
}

}  // namespace offlab
