#include "capture/pcapng_reader.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/core.h>

#include "base/clean_text.h"
#include "capture/link_types.h"
#include "capture/pcapng_format.h"

namespace offlab {
namespace {

// "gso=tcp4 size=1448 csum"
void apply_vnet_comment(std::string_view comment, Frame& frame) {
  frame.has_vnet = true;
  frame.needs_checksum = comment.find("csum") != std::string_view::npos;
  if (comment.rfind("gso=tcp4", 0) == 0) frame.gso = GsoType::tcp4;
  if (comment.rfind("gso=tcp6", 0) == 0) frame.gso = GsoType::tcp6;
  if (comment.rfind("gso=udp", 0) == 0) frame.gso = GsoType::udp;
  const auto size = comment.find("size=");
  if (size != std::string_view::npos)
    std::from_chars(comment.data() + size + 5, comment.data() + comment.size(), frame.gso_size);
}

void apply_flags(std::uint32_t flags, Frame& frame) {
  const std::uint32_t direction = flags & pcapng::direction_mask;
  frame.has_direction = direction == pcapng::flag_inbound || direction == pcapng::flag_outbound;
  frame.to_guest = direction == pcapng::flag_outbound;
}

}  // namespace

PcapngReader::PcapngReader(CaptureStream stream) : blocks_(std::move(stream)) {
  if (blocks_.next(block_)) read_section();
}

// Interfaces may be described anywhere before their frames, so that only the end tells that none is read.
bool PcapngReader::next_block() {
  try {
    if (blocks_.next(block_)) return true;
  } catch (const TruncatedCapture&) {
    require_read_link();
    throw;
  }
  require_read_link();
  return false;
}

void PcapngReader::require_read_link() const {
  if (!interfaces_.empty() && std::none_of(interfaces_.begin(), interfaces_.end(),
                                           [](const CaptureInterface& one) { return is_read(one.link_type); }))
    throw unread_link(blocks_.name(), interfaces_[0].link_type);
}

bool PcapngReader::next(Frame& frame) {
  while (next_block()) {
    switch (block_.type) {
      case pcapng::section_header:
        read_section();
        continue;
      case pcapng::interface_description:
        read_interface();
        continue;
      case pcapng::interface_statistics:
        read_statistics();
        continue;
      case pcapng::enhanced_packet:
        read_enhanced_packet(frame);
        break;
      case pcapng::obsolete_packet:
        read_obsolete_packet(frame);
        break;
      case pcapng::simple_packet:
        read_simple_packet(frame);
        break;
      default:
        continue;
    }
    blocks_.count_frame();
    return true;
  }
  return false;
}

std::span<const std::uint8_t> PcapngReader::body(std::size_t at_least) const {
  if (block_.body.size() < at_least) throw blocks_.damaged(fmt::format("a block of type {} is too short", block_.type));
  return block_.body;
}

template <typename Visit>
void PcapngReader::each_option(std::size_t at, Visit&& visit) const {
  PcapngOptions options(block_.body.subspan(at), blocks_.order());
  for (PcapngOption option; options.next(option);) visit(option);
  if (options.ran_past()) throw blocks_.damaged("the options of a block run past its end");
}

void PcapngReader::read_section() {
  constexpr std::size_t fixed = 16;
  const unsigned version = blocks_.order().u16(body(fixed), 4);
  if (version != 1)
    throw Error(fmt::format("{} is in version {} of the pcapng format; only 1 is read here", blocks_.name(), version));
  ours_ = false;
  each_option(fixed, [&](const PcapngOption& option) {
    if (option.code == pcapng::option_user_application) ours_ = option.text() == pcapng::user_application;
  });
  section_start_ = interfaces_.size();
}

void PcapngReader::read_interface() {
  constexpr std::size_t fixed = 8;
  constexpr std::size_t longest_name = 64;
  if (interfaces_.size() > std::numeric_limits<std::uint16_t>::max())
    throw blocks_.damaged("more than 65536 interfaces cannot be");
  const ByteOrder order = blocks_.order();
  CaptureInterface interface;
  interface.link_type = order.u16(body(fixed), 0);
  std::uint8_t resolution = 6;
  std::int64_t offset = 0;
  each_option(fixed, [&](const PcapngOption& option) {
    if (option.code == pcapng::option_interface_name)
      interface.name = clean_line(option.text().substr(0, longest_name));
    if (option.code == pcapng::option_time_resolution && option.value.size() == 1) resolution = option.value[0];
    if (option.code == pcapng::option_time_offset && option.value.size() == 8)
      offset = static_cast<std::int64_t>(order.u64(option.value, 0));
  });
  interfaces_.push_back(std::move(interface));
  sources_.push_back({order.u32(block_.body, 4), CaptureClock(resolution, offset)});
}

void PcapngReader::read_statistics() {
  constexpr std::size_t fixed = 12;
  const ByteOrder order = blocks_.order();
  CaptureInterface& interface = interfaces_[interface_index(order.u32(body(fixed), 0))];
  each_option(fixed, [&](const PcapngOption& option) {
    if (option.code == pcapng::option_dropped && option.value.size() == 8)
      interface.dropped = order.u64(option.value, 0);
  });
}

std::size_t PcapngReader::interface_index(std::uint32_t in_section) const {
  if (in_section >= interfaces_.size() - section_start_)
    throw blocks_.damaged(fmt::format("a block of interface {}, which the file does not describe", in_section));
  return section_start_ + in_section;
}

void PcapngReader::read_enhanced_packet(Frame& frame) {
  constexpr std::size_t fixed = 20;
  read_packet(fixed, blocks_.order().u32(body(fixed), 0), frame);
}

// Its interface has 16 bits; the other 16 count dropped packets.
void PcapngReader::read_obsolete_packet(Frame& frame) {
  constexpr std::size_t fixed = 20;
  read_packet(fixed, blocks_.order().u16(body(fixed), 0), frame);
}

void PcapngReader::read_packet(std::size_t header, std::uint32_t interface, Frame& frame) {
  const ByteOrder order = blocks_.order();
  const std::size_t captured = order.u32(block_.body, 12);
  if (captured > block_.body.size() - header) throw blocks_.damaged("a packet is longer than its block");
  frame = Frame{};
  frame.interface = static_cast<std::uint16_t>(interface_index(interface));
  const std::uint64_t ticks = (std::uint64_t{order.u32(block_.body, 4)} << 32U) | order.u32(block_.body, 8);
  const auto time = sources_[frame.interface].clock.nanoseconds(ticks);
  if (!time) throw blocks_.damaged("the time of a packet cannot be");
  frame.time_ns = *time;
  frame.has_vnet = ours_;
  read_packet_options(header + pcapng::padded(captured), frame);
  set_packet(block_.body.subspan(header, captured), order.u32(block_.body, 16), frame);
}

// It belongs to the section's first interface and has no time; only its length on the link is written.
void PcapngReader::read_simple_packet(Frame& frame) {
  constexpr std::size_t fixed = 4;
  const std::uint32_t length = blocks_.order().u32(body(fixed), 0);
  frame = Frame{};
  frame.interface = static_cast<std::uint16_t>(interface_index(0));
  const std::uint32_t snap_length = sources_[frame.interface].snap_length;
  const std::size_t captured = snap_length == 0 ? length : std::min(length, snap_length);
  if (captured > block_.body.size() - fixed) throw blocks_.damaged("a packet is longer than its block");
  set_packet(block_.body.subspan(fixed, captured), length, frame);
}

// A frame of a link that is not read keeps no bytes. The link's header is replaced in the read buffer, where the
// packet's own header was: nothing before the packet's bytes can be read afterwards.
void PcapngReader::set_packet(std::span<std::uint8_t> bytes, std::uint32_t length, Frame& frame) const {
  frame.length = std::max(length, static_cast<std::uint32_t>(bytes.size()));
  if (const auto link = link_layer_of(interfaces_[frame.interface].link_type))
    set_link_bytes(*link, bytes, frame.length, frame);
}

void PcapngReader::read_packet_options(std::size_t at, Frame& frame) const {
  const ByteOrder order = blocks_.order();
  each_option(at, [&](const PcapngOption& option) {
    const std::string_view text = option.text();
    if (option.code == pcapng::option_comment && text.substr(0, pcapng::vnet_comment.size()) == pcapng::vnet_comment)
      apply_vnet_comment(text.substr(pcapng::vnet_comment.size()), frame);
    if (option.code == pcapng::option_packet_flags && option.value.size() == 4)
      apply_flags(order.u32(option.value, 0), frame);
  });
}

}  // namespace offlab
