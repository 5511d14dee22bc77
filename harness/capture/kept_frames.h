// The file of one capture point while frames come in: which of them are kept, and how complete it is.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "capture/pcapng_writer.h"
#include "capture/too_big_counter.h"
#include "model/observation.h"

namespace offlab {

class KeptFrames {
 public:
  // `limit`: bytes of the file. `longest_packet`: as in TooBigCounter. Throws Error when it cannot be made.
  KeptFrames(const CapturePoint& point, const std::filesystem::path& file, const PcapngWriter::Interface& interface,
             std::uint64_t limit, std::uint32_t longest_packet = 65535);

  // ICMP is written even when the file is full: the verdict counts these frames one by one.
  void take(const Frame& frame);
  // Capture::bogus_errors. Other threads may ask.
  std::uint64_t bogus() const { return bogus_.load(std::memory_order_relaxed); }
  // Other threads see what was counted until now.
  void publish() { bogus_.store(too_big_.bogus(), std::memory_order_relaxed); }
  // Ends the file. `dropped`: frames that were lost before take().
  CaptureStatistics finish(std::uint64_t dropped, std::int64_t clock_step_ns);

 private:
  PcapngWriter writer_;
  std::uint64_t limit_;
  CaptureStatistics statistics_;
  TooBigCounter too_big_;
  std::atomic<std::uint64_t> bogus_ = 0;
};

}  // namespace offlab
