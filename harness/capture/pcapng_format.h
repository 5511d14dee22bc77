// Numbers of the pcapng format. Source: draft-ietf-opsawg-pcapng.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace offlab::pcapng {

inline constexpr std::uint32_t section_header = 0x0A0D0D0A;  // the same in both byte orders
inline constexpr std::uint32_t interface_description = 1;
inline constexpr std::uint32_t obsolete_packet = 2;
inline constexpr std::uint32_t simple_packet = 3;
inline constexpr std::uint32_t interface_statistics = 5;
inline constexpr std::uint32_t enhanced_packet = 6;
inline constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;

inline constexpr std::uint16_t option_end = 0;
inline constexpr std::uint16_t option_comment = 1;
inline constexpr std::uint16_t option_user_application = 4;  // in a section header
inline constexpr std::uint16_t option_interface_name = 2;
inline constexpr std::uint16_t option_interface_description = 3;
inline constexpr std::uint16_t option_time_resolution = 9;
inline constexpr std::uint16_t option_time_offset = 14;
inline constexpr std::uint16_t option_packet_flags = 2;
inline constexpr std::uint16_t option_received = 4;  // in interface statistics
inline constexpr std::uint16_t option_dropped = 5;

inline constexpr std::uint32_t direction_mask = 3;
inline constexpr std::uint32_t flag_inbound = 1;
inline constexpr std::uint32_t flag_outbound = 2;

inline constexpr std::uint16_t link_type_ethernet = 1;

inline constexpr std::string_view user_application = "offlab";
inline constexpr std::string_view without_segment_sizes = "offlab, by tcpdump";  // instead of it
inline constexpr std::string_view vnet_comment = "vnet_hdr: ";
inline constexpr std::string_view finding_comment = "offlab: ";

// Packet data and option values are filled up to four bytes.
constexpr std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

}  // namespace offlab::pcapng
