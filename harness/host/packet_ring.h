// A receive ring on one interface: memory shared with the kernel, which fills it while nobody looks.
// Frames lie in blocks, one behind the other, and are visible once the kernel has closed their block: when it is full
// or after some 20 ms. (A slot for each frame, as in TPACKET_V2, costs twice the processor time: more memory is
// touched.)
//
// Source: Linux Documentation/networking/packet_mmap.rst (TPACKET_V3), include/uapi/linux/virtio_net.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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
  // The next frame, false when no closed block holds one. The frame's bytes are valid until release().
  bool peek(Frame& frame);
  // Passes over the peeked frame; with the last frame of a block the block goes back to the kernel.
  void release();
  // Waits until the kernel has closed the block with the last of the frames that have arrived by now. Frames must be
  // taken meanwhile: `take` is called again and again. Throws Error when that does not come to an end.
  void settle(const std::function<void()>& take);
  // Frames lost so far because the ring was full.
  std::uint64_t drops();

 private:
  std::uint8_t* block() const { return ring_ + next_ * block_size_; }
  void give_back();
  void read_statistics();

  UniqueFd socket_;
  std::uint8_t* ring_ = nullptr;
  std::size_t block_size_ = 0;
  std::size_t next_ = 0;           // the block that is read, or waited for
  std::uint8_t* frame_ = nullptr;  // the next frame in that block, null before it is closed
  std::uint32_t frames_left_ = 0;  // of that block
  std::uint64_t taken_ = 0;
  std::uint64_t arrived_ = 0;  // with those lost, when it was last asked for
  std::uint64_t drops_ = 0;
};

}  // namespace offlab
