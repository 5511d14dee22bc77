// Frames with their headers parsed, read a few ahead of the one that is dealt with: what is kept of a frame's flow is
// fetched from memory meanwhile. With thousands of flows that take turns, that wait is most of the work otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>

#include "capture/packet.h"
#include "model/frame.h"

namespace offlab {

struct ParsedFrame {
  Frame frame;  // without its bytes
  std::optional<Packet> packet;
  std::uint32_t kept_bytes = 0;  // of the frame
  std::uint64_t number = 0;      // in its file, from 1
  std::size_t flow_hash = 0;     // as the Fetch says
};

// `Fetch` has enter(packet), which gives a hash of the flow; then, while the frame comes nearer, draw_near(hash) and
// come_next(hash).
template <typename Fetch>
class ParsedFrames {
 public:
  using Parse = void (*)(const Frame&, std::optional<Packet>&);

  // Null: there are no frames.
  ParsedFrames(FrameSource* source, Parse parse, Fetch fetch) : source_(source), parse_(parse), fetch_(fetch) {
    for (std::size_t i = 0; i < ahead; ++i) load();
    for (std::size_t i = 0; i <= near; ++i) draw_near(i);
    for (std::size_t i = 0; i <= next; ++i) come_next(i);
  }

  // The frame that is to be dealt with; null at the end. Throws what reading it has thrown.
  const ParsedFrame* current() const {
    if (done_ == loaded_ && failure_) std::rethrow_exception(failure_);
    return done_ == loaded_ ? nullptr : &at(0);
  }
  void advance() {
    ++done_;
    load();
    draw_near(near);
    come_next(next);
  }

 private:
  static constexpr std::size_t ahead = 16;
  static constexpr std::size_t near = 8;
  static constexpr std::size_t next = 4;

  const ParsedFrame& at(std::size_t distance) const { return frames_[(done_ + distance) % ahead]; }
  bool has(std::size_t distance) const {
    return done_ + distance < loaded_ && at(distance).packet && at(distance).packet->tcp;
  }

  void load() {
    if (source_ == nullptr) return;
    ParsedFrame& one = frames_[loaded_ % ahead];
    try {
      if (!source_->next(one.frame)) {
        source_ = nullptr;
        return;
      }
    } catch (...) {  // the frames before it come first
      failure_ = std::current_exception();
      source_ = nullptr;
      return;
    }
    parse_(one.frame, one.packet);
    one.kept_bytes = static_cast<std::uint32_t>(one.frame.bytes.size());
    one.frame.bytes = {};
    ++loaded_;
    one.number = one.frame.number != 0 ? one.frame.number : loaded_;
    if (one.packet && one.packet->tcp) one.flow_hash = fetch_.enter(*one.packet);
  }
  void draw_near(std::size_t distance) {
    if (has(distance)) fetch_.draw_near(at(distance).flow_hash);
  }
  void come_next(std::size_t distance) {
    if (has(distance)) fetch_.come_next(at(distance).flow_hash);
  }

  FrameSource* source_;
  Parse parse_;
  Fetch fetch_;
  std::array<ParsedFrame, ahead> frames_;
  std::uint64_t loaded_ = 0;
  std::uint64_t done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace offlab
