#include "unit/runner/capture_bytes.h"

#include <array>

#include "capture/pcapng_encode.h"
#include "capture/pcapng_format.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

using pcapng::append_number;

constexpr std::uint32_t snap_length = 262144;

std::string text_of(const pcapng::Block& bytes) {
  return {bytes.begin(), bytes.end()};
}

// Format: draft-ietf-opsawg-pcap.
std::string pcap_bytes(const CaptureContent& content) {
  constexpr std::int64_t second = 1'000'000'000;
  pcapng::Block bytes;
  for (const std::uint32_t number : {0xa1b23c4dU, 0x00040002U, 0U, 0U, snap_length, content.link_type})
    append_number(bytes, number);
  for (const auto& [frame, data] : content.frames) {
    append_number(bytes, static_cast<std::uint32_t>(frame.time_ns / second));
    append_number(bytes, static_cast<std::uint32_t>(frame.time_ns % second));
    append_number(bytes, static_cast<std::uint32_t>(data.size()));
    append_number(bytes, frame.length);
    bytes.insert(bytes.end(), data.begin(), data.end());
  }
  return text_of(bytes);
}

std::string pcapng_bytes(const CaptureContent& content) {
  pcapng::Block block;
  pcapng::begin_block(block, pcapng::section_header);
  append_number(block, pcapng::byte_order_magic);
  append_number(block, std::uint16_t{1});
  append_number(block, std::uint16_t{0});
  append_number(block, std::int64_t{-1});
  pcapng::end_block(block);
  std::string file = text_of(block);
  for (unsigned interface = 0; interface < content.interfaces; ++interface) {
    pcapng::begin_block(block, pcapng::interface_description);
    append_number(block, static_cast<std::uint16_t>(content.link_type));
    append_number(block, std::uint16_t{0});
    append_number(block, snap_length);
    pcapng::append_option(block, pcapng::option_interface_name, "eth" + std::to_string(interface));
    pcapng::append_number_option(block, pcapng::option_time_resolution, std::uint8_t{9});
    pcapng::append_end_of_options(block);
    pcapng::end_block(block);
    file += text_of(block);
  }
  for (const auto& [frame, data] : content.frames) {
    pcapng::begin_block(block, pcapng::enhanced_packet);
    append_number(block, std::uint32_t{frame.interface});
    pcapng::append_time(block, frame.time_ns);
    append_number(block, static_cast<std::uint32_t>(data.size()));
    append_number(block, frame.length);
    pcapng::append_padded(block, data);
    pcapng::end_block(block);
    file += text_of(block);
  }
  return file;
}

}  // namespace

std::string capture_bytes(const CaptureContent& content) {
  return content.interfaces == 0 ? pcap_bytes(content) : pcapng_bytes(content);
}

void write_capture(const std::filesystem::path& file, const CaptureContent& content) {
  write_file(file, capture_bytes(content));
}

}  // namespace offlab
