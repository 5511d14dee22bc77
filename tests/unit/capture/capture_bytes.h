// Capture files put together byte by byte, right or wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "capture/capture_file.h"
#include "folders.h"
#include "selftest/recorded_leg.h"

namespace offlab {

inline const std::filesystem::path captures_path = std::filesystem::path(tests_folder()) / "data/captures";

inline std::string number(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t at = 0; at < size; ++at) bytes += static_cast<char>(value >> (8 * at));
  return bytes;
}
inline std::string u16(std::uint64_t value) {
  return number(value, 2);
}
inline std::string u32(std::uint64_t value) {
  return number(value, 4);
}
inline std::string u64(std::uint64_t value) {
  return number(value, 8);
}

inline std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

inline std::string option(std::uint16_t code, const std::string& value) {
  return u16(code) + u16(value.size()) + padded(value);
}

inline std::string block(std::uint32_t type, const std::string& body) {
  const std::string length = u32(body.size() + 12);
  return u32(type) + length + body + length;
}

inline std::string section(const std::string& options = {}) {
  return block(0x0A0D0D0A, u32(0x1A2B3C4D) + u16(1) + u16(0) + u64(~std::uint64_t{0}) + options);
}

inline std::string interface(std::uint16_t link_type, std::uint32_t snap_length = 0, const std::string& options = {}) {
  return block(1, u16(link_type) + u16(0) + u32(snap_length) + options);
}

inline std::string packet(std::uint32_t interface, std::uint64_t ticks, const std::string& bytes,
                          const std::string& options = {}) {
  return block(6, u32(interface) + u32(ticks >> 32U) + u32(ticks) + u32(bytes.size()) + u32(bytes.size()) +
                      padded(bytes) + options);
}

inline std::string pcap(std::uint32_t link_type, const std::string& packets) {
  return u32(0xa1b2c3d4) + u16(2) + u16(4) + u32(0) + u32(0) + u32(262144) + u32(link_type) + packets;
}

inline std::string pcap_packet(const std::string& bytes) {
  return u32(1) + u32(2) + u32(bytes.size()) + u32(bytes.size()) + bytes;
}

inline std::vector<StoredFrame> frames_of(const std::filesystem::path& file) {
  return all_frames(*open_capture_file(file));
}

}  // namespace offlab
