#include "record/pcapng_writer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "record/pcapng_format.h"

namespace offlab {
namespace {

using Block = std::vector<std::uint8_t>;

template <typename Number>
void append(Block& block, Number number) {
  for (std::size_t byte = 0; byte < sizeof number; ++byte)
    block.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> (8 * byte)));
}

void append_padded(Block& block, std::span<const std::uint8_t> bytes) {
  block.insert(block.end(), bytes.begin(), bytes.end());
  while (block.size() % 4 != 0) block.push_back(0);
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void append_option(Block& block, std::uint16_t code, std::span<const std::uint8_t> value) {
  append(block, code);
  append(block, static_cast<std::uint16_t>(value.size()));
  append_padded(block, value);
}

void append_option(Block& block, std::uint16_t code, std::string_view text) {
  append_option(block, code, bytes_of(text.substr(0, 60000)));
}

template <typename Number>
void append_number_option(Block& block, std::uint16_t code, Number number) {
  Block value;
  append(value, number);
  append_option(block, code, value);
}

void begin(Block& block, std::uint32_t type) {
  block.clear();
  append(block, type);
  append(block, std::uint32_t{0});  // total length, known at the end
}

void end(Block& block) {
  const auto total = static_cast<std::uint32_t>(block.size() + 4);
  append(block, total);
  for (std::size_t byte = 0; byte < 4; ++byte) block[4 + byte] = static_cast<std::uint8_t>(total >> (8 * byte));
}

void append_time(Block& block, std::int64_t time_ns) {
  const auto ticks = static_cast<std::uint64_t>(time_ns);
  append(block, static_cast<std::uint32_t>(ticks >> 32U));
  append(block, static_cast<std::uint32_t>(ticks));
}

std::string_view gso_word(GsoType gso) {
  switch (gso) {
    case GsoType::none:
      return "none";
    case GsoType::tcp4:
      return "tcp4";
    case GsoType::tcp6:
      return "tcp6";
    case GsoType::udp:
      return "udp";
  }
  return "none";
}

}  // namespace

PcapngWriter::PcapngWriter(std::filesystem::path file, const Interface& interface)
    : PcapngWriter(Handle<std::FILE, std::fclose>(std::fopen(file.c_str(), "wb")), file.string(), interface) {}

PcapngWriter::PcapngWriter(Handle<std::FILE, std::fclose> stream, const std::string& name, const Interface& interface)
    : path_(name), file_(std::move(stream)) {
  if (!file_) throw system_error(fmt::format("creating {}", path_.string()));
  begin(block_, pcapng::section_header);
  append(block_, pcapng::byte_order_magic);
  append(block_, std::uint16_t{1});
  append(block_, std::uint16_t{0});
  append(block_, ~std::uint64_t{0});  // section length: not given
  append_option(block_, pcapng::option_user_application, std::string_view("offlab"));
  append(block_, std::uint32_t{pcapng::option_end});
  end(block_);
  put(block_);
  begin(block_, pcapng::interface_description);
  append(block_, pcapng::link_type_ethernet);
  append(block_, std::uint16_t{0});
  append(block_, interface.snap_length);
  append_option(block_, pcapng::option_interface_name, interface.name);
  append_option(block_, pcapng::option_interface_description, interface.description);
  append_number_option(block_, pcapng::option_time_resolution, std::uint8_t{9});
  append(block_, std::uint32_t{pcapng::option_end});
  end(block_);
  put(block_);
}

void PcapngWriter::write(const Frame& frame) {
  begin(block_, pcapng::enhanced_packet);
  append(block_, std::uint32_t{0});  // the file's only interface
  append_time(block_, frame.time_ns);
  append(block_, static_cast<std::uint32_t>(frame.bytes.size()));
  append(block_, frame.length);
  append_padded(block_, frame.bytes);
  if (frame.gso != GsoType::none || frame.needs_checksum) {
    fmt::basic_memory_buffer<char, 64> comment;
    fmt::format_to(std::back_inserter(comment), "{}gso={}", pcapng::vnet_comment, gso_word(frame.gso));
    if (frame.gso != GsoType::none) fmt::format_to(std::back_inserter(comment), " size={}", frame.gso_size);
    if (frame.needs_checksum) fmt::format_to(std::back_inserter(comment), " csum");
    append_option(block_, pcapng::option_comment, std::string_view(comment.data(), comment.size()));
  }
  append_number_option(block_, pcapng::option_packet_flags,
                       frame.to_guest ? pcapng::flag_outbound : pcapng::flag_inbound);
  append(block_, std::uint32_t{pcapng::option_end});
  end(block_);
  put(block_);
  last_time_ns_ = std::max(last_time_ns_, frame.time_ns);
}

void PcapngWriter::finish(std::uint64_t received, std::uint64_t dropped) {
  begin(block_, pcapng::interface_statistics);
  append(block_, std::uint32_t{0});
  append_time(block_, last_time_ns_);
  append_number_option(block_, pcapng::option_received, received);
  append_number_option(block_, pcapng::option_dropped, dropped);
  append(block_, std::uint32_t{pcapng::option_end});
  end(block_);
  put(block_);
  flush();
}

void PcapngWriter::flush() {
  if (std::fflush(file_.get()) != 0) throw system_error(fmt::format("writing {}", path_.string()));
}

void PcapngWriter::put(const std::vector<std::uint8_t>& block) {
  if (std::fwrite(block.data(), 1, block.size(), file_.get()) != block.size())
    throw system_error(fmt::format("writing {}", path_.string()));
  bytes_ += block.size();
}

}  // namespace offlab
