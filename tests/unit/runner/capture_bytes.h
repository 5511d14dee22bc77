// Capture files of any link, as bytes: pcap in nanoseconds, and pcapng with several interfaces. Without segment sizes
// and directions, as others write them. Little-endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "capture/stored_frames.h"

namespace offlab {

struct CaptureContent {
  std::vector<StoredFrame> frames;  // in the order of the file; their bytes begin with the link's header
  std::uint32_t link_type = 1;      // LINKTYPE_* of tcpdump.org
  std::uint16_t interfaces = 0;     // 0: pcap; else pcapng with so many, and Frame::interface names one
};

std::string capture_bytes(const CaptureContent& content);
void write_capture(const std::filesystem::path& file, const CaptureContent& content);

}  // namespace offlab
