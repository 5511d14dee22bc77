#include "capture/kept_frames.h"

#include "capture/packet.h"

namespace offlab {

KeptFrames::KeptFrames(const CapturePoint& point, const std::filesystem::path& file,
                       const PcapngWriter::Interface& interface, std::uint64_t limit, std::uint32_t longest_packet)
    : writer_(file, interface), limit_(limit), too_big_(longest_packet) {
  statistics_.point = point;
  statistics_.file = file.filename();
}

void KeptFrames::take(const Frame& frame) {
  const std::uint64_t written = writer_.bytes_written();
  if (written < limit_ || (written < limit_ + limit_ / 8 && is_icmp(frame))) {
    writer_.write(frame);
    ++statistics_.frames;
  } else if (statistics_.beyond_limit++ == 0) {
    statistics_.full_ns = frame.time_ns;
  }
  too_big_.see(frame);
}

CaptureStatistics KeptFrames::finish(std::uint64_t dropped, std::int64_t clock_step_ns) {
  statistics_.dropped = dropped;
  statistics_.clock_step_ns = clock_step_ns;
  writer_.finish(statistics_.frames + statistics_.beyond_limit, dropped);
  return statistics_;
}

}  // namespace offlab
