// A receive ring on one interface: memory shared with the kernel, which fills it while nobody looks.
// Source: Linux Documentation/networking/packet_mmap.rst (TPACKET_V2), include/uapi/linux/virtio_net.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/handle.h"
#include "model/frame.h"

namespace offlab {

class PacketRing {
 public:
  // Frames are cut to `snap_length` by the kernel. Throws Error.
  PacketRing(const std::string& interface, std::uint32_t snap_length);
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;
  ~PacketRing();

  int descriptor() const { return socket_.get(); }
  // The next frame, false when the ring is empty. The frame's bytes are valid until release().
  bool peek(Frame& frame);
  // Gives the peeked frame's slot back to the kernel.
  void release();
  // Frames lost since the last call because the ring was full.
  std::uint64_t take_drops();

 private:
  std::uint8_t* slot() const { return ring_ + next_ * slot_size_; }

  UniqueFd socket_;
  std::uint8_t* ring_ = nullptr;
  std::size_t ring_bytes_ = 0;
  std::size_t slot_size_ = 0;
  std::size_t slots_ = 0;
  std::size_t next_ = 0;
};

}  // namespace offlab
