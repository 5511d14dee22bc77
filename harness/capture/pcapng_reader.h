// pcapng files, those that PcapngWriter wrote among them: only these tell segment sizes, in packet comments.
#pragma once

#include "capture/capture_clock.h"
#include "capture/capture_file.h"
#include "capture/link_layer.h"
#include "capture/pcapng_blocks.h"

namespace offlab {

class PcapngReader : public CaptureFile {
 public:
  // Throws Error when the file does not begin with a section that can be read here.
  explicit PcapngReader(CaptureStream stream);

  // Blocks that are of no use here are passed over.
  bool next(Frame& frame) override;
  const std::vector<CaptureInterface>& interfaces() const override { return interfaces_; }

 private:
  struct Source {
    std::uint32_t snap_length = 0;
    CaptureClock clock;
  };

  bool next_block();
  void require_read_link() const;
  void read_section();
  void read_interface();
  void read_statistics();
  void read_enhanced_packet(Frame& frame);
  void read_obsolete_packet(Frame& frame);
  void read_simple_packet(Frame& frame);
  void read_packet(std::size_t header, std::uint32_t interface, Frame& frame);
  void set_packet(std::span<std::uint8_t> bytes, std::uint32_t length, Frame& frame) const;
  void read_packet_options(std::size_t at, Frame& frame) const;

  std::span<const std::uint8_t> body(std::size_t at_least) const;
  std::size_t interface_index(std::uint32_t in_section) const;
  template <typename Visit>
  void each_option(std::size_t at, Visit&& visit) const;

  PcapngBlocks blocks_;
  PcapngBlock block_;
  bool ours_ = false;  // the section was written by offlab
  std::vector<CaptureInterface> interfaces_;
  std::vector<Source> sources_;    // of each of them
  std::size_t section_start_ = 0;  // the section's first interface
};

}  // namespace offlab
