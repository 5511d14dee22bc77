// Classic pcap files. Format: draft-ietf-opsawg-pcap.
#pragma once

#include "capture/byte_order.h"
#include "capture/capture_clock.h"
#include "capture/capture_file.h"
#include "capture/capture_stream.h"
#include "capture/link_layer.h"

namespace offlab {

class PcapReader : public CaptureFile {
 public:
  // True when the file begins like a pcap file, of whatever variant. `start`: its first four bytes.
  static bool recognises(std::span<const std::uint8_t> start);

  // Throws Error when the file's header cannot be read here.
  explicit PcapReader(CaptureStream stream);

  bool next(Frame& frame) override;
  const std::vector<CaptureInterface>& interfaces() const override { return interfaces_; }

 private:
  CaptureStream stream_;
  ByteOrder order_;
  CaptureClock fraction_;  // of a second
  LinkLayer link_ = LinkLayer::ethernet;
  std::vector<CaptureInterface> interfaces_;
};

}  // namespace offlab
