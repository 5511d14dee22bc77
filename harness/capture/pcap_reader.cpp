#include "capture/pcap_reader.h"

#include <algorithm>

#include <fmt/core.h>

#include "capture/link_types.h"

namespace offlab {
namespace {

constexpr std::size_t file_header = 24;
constexpr std::size_t packet_header = 16;
constexpr std::uint32_t longest_packet = 1U << 18U;  // tcpdump's own limit

constexpr std::uint32_t magic_microseconds = 0xa1b2c3d4;
constexpr std::uint32_t magic_nanoseconds = 0xa1b23c4d;
constexpr std::uint32_t magic_modified = 0xa1b2cd34;  // longer packet headers

std::optional<ByteOrder> order_of(std::span<const std::uint8_t> start) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    const std::uint32_t magic = ByteOrder{order}.u32(start, 0);
    if (magic == magic_microseconds || magic == magic_nanoseconds || magic == magic_modified) return ByteOrder{order};
  }
  return std::nullopt;
}

}  // namespace

bool PcapReader::recognises(std::span<const std::uint8_t> start) {
  return order_of(start).has_value();
}

PcapReader::PcapReader(CaptureStream stream) : stream_(std::move(stream)) {
  const auto header = stream_.peek(file_header);
  if (header.empty()) throw stream_.truncated();
  order_ = order_of(header).value_or(ByteOrder{});
  const std::uint32_t magic = order_.u32(header, 0);
  if (magic == magic_modified)
    throw Error(fmt::format("{} is in the \"modified\" pcap format, which is not read here", stream_.name()),
                "convert it: editcap -F pcapng FILE NEW.pcapng");
  const unsigned major = order_.u16(header, 4);
  const unsigned minor = order_.u16(header, 6);
  if (major != 2 || minor != 4)
    throw Error(
        fmt::format("{} is in version {}.{} of the pcap format; only 2.4 is read here", stream_.name(), major, minor));
  fraction_ = CaptureClock(magic == magic_nanoseconds ? 9 : 6);
  constexpr std::uint32_t without_checksum_bits = 0x03ffffff;
  const std::uint32_t link_type = order_.u32(header, 20) & without_checksum_bits;
  const auto link = link_layer_of(link_type);
  if (!link) throw unread_link(stream_.name(), link_type);
  link_ = *link;
  interfaces_.push_back({{}, link_type, {}});
  stream_.take(file_header);
}

bool PcapReader::next(Frame& frame) {
  const auto header = stream_.peek(packet_header);
  if (header.empty()) {
    if (stream_.at_end()) return false;
    throw stream_.truncated();
  }
  const std::uint32_t captured = order_.u32(header, 8);
  if (captured > longest_packet) throw stream_.damaged(fmt::format("a packet of {} bytes cannot be", captured));
  const auto record = stream_.peek(packet_header + captured);
  if (record.empty()) throw stream_.truncated();
  constexpr std::int64_t second = 1'000'000'000;
  frame = Frame{};
  // Two 32-bit numbers fit into 64 bits of nanoseconds whatever they are.
  frame.time_ns = order_.u32(record, 0) * second + fraction_.nanoseconds(order_.u32(record, 4)).value_or(0);
  const std::uint32_t length = std::max(order_.u32(record, 12), captured);
  set_link_bytes(link_, record.subspan(packet_header), length, frame);
  stream_.take(record.size());
  stream_.count_frame();
  return true;
}

}  // namespace offlab
