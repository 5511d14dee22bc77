#include "record/pcapng_reader.h"

#include <charconv>
#include <string_view>

#include <fmt/core.h>

#include "base/error.h"
#include "record/pcapng_format.h"

namespace offlab {
namespace {

constexpr std::size_t largest_block = 1U << 20U;

std::uint32_t number_at(const std::vector<std::uint8_t>& bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t byte = 0; byte < size; ++byte) number |= std::uint32_t{bytes[at + byte]} << (8 * byte);
  return number;
}

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

// "gso=tcp4 size=1448 csum"
void apply_vnet_comment(std::string_view comment, Frame& frame) {
  frame.needs_checksum = comment.find("csum") != std::string_view::npos;
  if (comment.rfind("gso=tcp4", 0) == 0) frame.gso = GsoType::tcp4;
  if (comment.rfind("gso=tcp6", 0) == 0) frame.gso = GsoType::tcp6;
  if (comment.rfind("gso=udp", 0) == 0) frame.gso = GsoType::udp;
  const auto size = comment.find("size=");
  if (size != std::string_view::npos)
    std::from_chars(comment.data() + size + 5, comment.data() + comment.size(), frame.gso_size);
}

}  // namespace

PcapngReader::PcapngReader(std::filesystem::path file)
    : path_(std::move(file)), file_(std::fopen(path_.c_str(), "rb")) {
  if (!file_) throw system_error(fmt::format("opening {}", path_.string()));
  if (!read_block() || type_ != pcapng::section_header || body_.size() < 16 ||
      number_at(body_, 0, 4) != pcapng::byte_order_magic)
    throw Error(fmt::format("{} is not a capture file that offlab wrote", path_.string()));
}

bool PcapngReader::next(Frame& frame) {
  while (read_block()) {
    if (type_ != pcapng::enhanced_packet) continue;
    parse_packet(frame);
    return true;
  }
  return false;
}

bool PcapngReader::read_block() {
  std::vector<std::uint8_t> head(8);
  const std::size_t got = std::fread(head.data(), 1, head.size(), file_.get());
  if (got == 0 && std::feof(file_.get()) != 0) return false;
  if (got != head.size()) throw Error(fmt::format("{} ends inside a block", path_.string()));
  type_ = number_at(head, 0, 4);
  const std::uint32_t total = number_at(head, 4, 4);
  if (total < 12 || total % 4 != 0 || total > largest_block)
    throw Error(fmt::format("{}: a block of {} bytes cannot be", path_.string(), total));
  body_.resize(total - 8);
  if (std::fread(body_.data(), 1, body_.size(), file_.get()) != body_.size())
    throw Error(fmt::format("{} ends inside a block", path_.string()));
  if (number_at(body_, body_.size() - 4, 4) != total)
    throw Error(fmt::format("{}: the two lengths of a block differ", path_.string()));
  body_.resize(body_.size() - 4);
  return true;
}

void PcapngReader::parse_packet(Frame& frame) const {
  constexpr std::size_t fixed = 20;
  if (body_.size() < fixed) throw Error(fmt::format("{}: a packet block is too short", path_.string()));
  const std::size_t captured = number_at(body_, 12, 4);
  if (captured > body_.size() - fixed)
    throw Error(fmt::format("{}: a packet is longer than its block", path_.string()));
  frame = Frame{};
  frame.has_vnet = true;
  frame.time_ns = static_cast<std::int64_t>((std::uint64_t{number_at(body_, 4, 4)} << 32U) | number_at(body_, 8, 4));
  frame.length = number_at(body_, 16, 4);
  frame.bytes = std::span(body_).subspan(fixed, captured);
  for (std::size_t at = fixed + padded(captured); at + 4 <= body_.size();) {
    const std::uint32_t code = number_at(body_, at, 2);
    const std::size_t size = number_at(body_, at + 2, 2);
    if (code == pcapng::option_end || at + 4 + size > body_.size()) break;
    const std::string_view value(reinterpret_cast<const char*>(body_.data()) + at + 4, size);
    if (code == pcapng::option_comment && value.substr(0, pcapng::vnet_comment.size()) == pcapng::vnet_comment)
      apply_vnet_comment(value.substr(pcapng::vnet_comment.size()), frame);
    if (code == pcapng::option_packet_flags && size == 4)
      frame.to_guest = (number_at(body_, at + 4, 4) & 3U) == pcapng::flag_outbound;
    at += 4 + padded(size);
  }
}

}  // namespace offlab
