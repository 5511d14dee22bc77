// One captured frame: as much of it as was kept, and what the kernel said about its segmentation.
#pragma once

#include <cstdint>
#include <span>

namespace offlab {

enum class GsoType : std::uint8_t { none, tcp4, tcp6, udp };

struct Frame {
  std::int64_t time_ns = 0;      // since the epoch; 0 when the file has no times
  std::uint32_t length = 0;      // on the link, Ethernet header included
  std::uint16_t interface = 0;   // of those in the file, in the order in which it describes them
  std::uint32_t link_index = 0;  // the kernel's number of the interface, where the link's header has it; 0: unknown
  std::uint64_t number = 0;      // in its file, from 1; 0: whoever reads it counts
  bool has_direction = false;    // the direction was recorded
  bool to_guest = false;         // from the host into the guest; otherwise the guest sent it
  bool has_vnet = false;         // segmentation was recorded: without it a long frame may be one packet or several
  GsoType gso = GsoType::none;
  std::uint16_t gso_size = 0;   // payload bytes of each segment; 0 with GsoType::none
  bool needs_checksum = false;  // the transport checksum is not filled in yet
  // From the Ethernet header on, cut at the snap length; valid until the next frame.
  std::span<const std::uint8_t> bytes;
};

// Frames of one capture point, in the order of capture.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  // False at the end. Throws Error when the file is damaged.
  virtual bool next(Frame& frame) = 0;
};

}  // namespace offlab
