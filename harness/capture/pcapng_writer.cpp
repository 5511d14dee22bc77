#include "capture/pcapng_writer.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "capture/pcapng_encode.h"
#include "capture/pcapng_format.h"

namespace offlab {
namespace {

// A write of 4 kB for every 16 frames would cost as much as the frames.
constexpr std::size_t buffer_bytes = 262'144;

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

std::string describe_vnet(const Frame& frame) {
  std::string comment = fmt::format("{}gso={}", pcapng::vnet_comment, gso_word(frame.gso));
  if (frame.gso != GsoType::none) comment += fmt::format(" size={}", frame.gso_size);
  if (frame.needs_checksum) comment += " csum";
  return comment;
}

}  // namespace

PcapngWriter::PcapngWriter(const std::filesystem::path& file, const Interface& interface)
    : PcapngWriter(Handle<std::FILE, std::fclose>(std::fopen(file.c_str(), "wb")), file.string(), interface) {}

PcapngWriter::PcapngWriter(Handle<std::FILE, std::fclose> stream, const std::string& name, const Interface& interface)
    : path_(name), file_(std::move(stream)), interface_(interface) {
  if (!file_) throw system_error(fmt::format("creating {}", path_.string()));
  std::setvbuf(file_.get(), nullptr, _IOFBF, buffer_bytes);
  pcapng::begin_block(block_, pcapng::section_header);
  pcapng::append_number(block_, pcapng::byte_order_magic);
  pcapng::append_number(block_, std::uint16_t{1});
  pcapng::append_number(block_, std::uint16_t{0});
  pcapng::append_number(block_, ~std::uint64_t{0});  // section length: not given
  pcapng::append_option(block_, pcapng::option_user_application,
                        interface.has_segment_sizes ? pcapng::user_application : pcapng::without_segment_sizes);
  if (!interface.section_comment.empty())
    pcapng::append_option(block_, pcapng::option_comment, interface.section_comment);
  pcapng::append_end_of_options(block_);
  pcapng::end_block(block_);
  put(block_);
  put_interface(interface.name);
}

void PcapngWriter::put_interface(const std::string& name) {
  pcapng::begin_block(block_, pcapng::interface_description);
  pcapng::append_number(block_, pcapng::link_type_ethernet);
  pcapng::append_number(block_, std::uint16_t{0});
  pcapng::append_number(block_, interface_.snap_length);
  pcapng::append_option(block_, pcapng::option_interface_name, name);
  pcapng::append_option(block_, pcapng::option_interface_description, interface_.description);
  pcapng::append_number_option(block_, pcapng::option_time_resolution, std::uint8_t{9});
  pcapng::append_end_of_options(block_);
  pcapng::end_block(block_);
  put(block_);
  ++interfaces_;
}

std::uint16_t PcapngWriter::add_interface(const std::string& name) {
  put_interface(name);
  return static_cast<std::uint16_t>(interfaces_ - 1);
}

void PcapngWriter::write(const Frame& frame) {
  pcapng::begin_block(block_, pcapng::enhanced_packet);
  pcapng::append_number(block_, std::uint32_t{frame.interface < interfaces_ ? frame.interface : std::uint16_t{0}});
  pcapng::append_time(block_, frame.time_ns);
  pcapng::append_number(block_, static_cast<std::uint32_t>(frame.bytes.size()));
  pcapng::append_number(block_, frame.length);
  pcapng::append_padded(block_, frame.bytes);
  const auto& options = options_of(frame);
  block_.insert(block_.end(), options.begin(), options.end());
  pcapng::end_block(block_);
  put(block_);
  last_time_ns_ = std::max(last_time_ns_, frame.time_ns);
}

// Frames of one direction mostly have the same ones, one after the other.
const std::vector<std::uint8_t>& PcapngWriter::options_of(const Frame& frame) {
  const bool has_direction = interface_.has_directions || frame.has_direction;
  auto& [vnet, bytes] = options_[!has_direction ? 2 : frame.to_guest ? 1 : 0];
  const Vnet wanted{frame.gso, frame.gso_size, frame.needs_checksum};
  if (!bytes.empty() && vnet == wanted) return bytes;
  vnet = wanted;
  bytes.clear();
  if (frame.gso != GsoType::none || frame.needs_checksum)
    pcapng::append_option(bytes, pcapng::option_comment, describe_vnet(frame));
  if (has_direction)
    pcapng::append_number_option(bytes, pcapng::option_packet_flags,
                                 frame.to_guest ? pcapng::flag_outbound : pcapng::flag_inbound);
  pcapng::append_end_of_options(bytes);
  return bytes;
}

void PcapngWriter::finish(std::uint64_t received, std::uint64_t dropped) {
  pcapng::begin_block(block_, pcapng::interface_statistics);
  pcapng::append_number(block_, std::uint32_t{0});
  pcapng::append_time(block_, last_time_ns_);
  pcapng::append_number_option(block_, pcapng::option_received, received);
  pcapng::append_number_option(block_, pcapng::option_dropped, dropped);
  pcapng::append_end_of_options(block_);
  pcapng::end_block(block_);
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
