#include "unit/runner/other_flows.h"

#include <stdexcept>
#include <utility>

#include "capture/frame_edit.h"
#include "unit/runner/changed_frames.h"

namespace offlab {
namespace {

constexpr std::size_t each_so_many = 20;

std::uint64_t data_bytes(const Frames& frames) {
  std::uint64_t bytes = 0;
  for (const StoredFrame& frame : frames)
    if (sent_by_sender(frame) && carries_data(frame)) bytes += frame.frame.length;
  return bytes;
}

// The same frames over other ports, and later.
Frames over_other_ports(const Frames& frames, std::int64_t later_ns) {
  constexpr std::uint32_t by = 100;
  Frames moved;
  for (StoredFrame frame : shifted(frames, later_ns)) {
    if (!is_tcp(frame)) continue;
    for (const std::size_t at : {at_transport, at_transport + 2})
      put_number(frame.bytes, at, 2, number_at(frame.bytes, at, 2) + by);
    moved.push_back(std::move(frame));
  }
  return moved;
}

// A full-sized packet of another sender.
StoredFrame packet_of_another(std::int64_t time_ns) {
  for (StoredFrame frame : field_pair("healthy-lro-off").frames.wan) {
    if (!sent_by_sender(frame) || frame.frame.length != 1514) continue;
    put_number(frame.bytes, at_source, 4, 0xc6120209);       // 198.18.2.9
    put_number(frame.bytes, at_destination, 4, 0xc6120909);  // 198.18.9.9
    put_header_checksum(frame.bytes);
    frame.frame.time_ns = time_ns;
    return frame;
  }
  throw std::logic_error("no full-sized packet");
}

StoredFrame udp_of_others(std::int64_t time_ns) {
  constexpr std::uint8_t udp = 17;
  StoredFrame frame = packet_of_another(time_ns);
  frame.bytes[at_protocol] = udp;
  put_number(frame.bytes, at_ip_length, 2, 128);
  put_number(frame.bytes, at_transport + 4, 2, 108);
  put_header_checksum(frame.bytes);
  frame.frame.length = 128 + at_ip;
  frame.bytes.resize(96);
  return frame;
}

}  // namespace

CapturedPair with_bigger_flow(const CapturedPair& pair) {
  const CapturedPair& small = field_pair("healthy-lro-off").frames;
  const bool is_bigger = data_bytes(small.wan) > data_bytes(pair.wan);
  const CapturedPair& healthy = is_bigger ? small : field_pair("healthy-lro-on").frames;
  const std::int64_t later = transfer_times(pair.wan).begin_ns - transfer_times(healthy.wan).begin_ns;
  return {merged({pair.wan, over_other_ports(healthy.wan, later)}),
          merged({pair.lan, over_other_ports(healthy.lan, later)})};
}

Frames with_errors_of_another_flow(const Frames& frames) {
  const FrameBytes router = {198, 18, 2, 1};
  Frames more;
  for (const StoredFrame& frame : frames) {
    more.push_back(frame);
    if (more.size() % each_so_many != 0) continue;
    const StoredFrame refused = packet_of_another(frame.frame.time_ns);
    more.push_back(refused);
    more.push_back(frag_needed_about(refused, router, 1400));
  }
  return more;
}

Frames with_strangers(const Frames& frames, std::int64_t off_ns, std::uint16_t interface) {
  Frames more;
  for (const StoredFrame& frame : frames) {
    more.push_back(frame);
    if (more.size() % each_so_many != 0) continue;
    more.push_back(udp_of_others(frame.frame.time_ns + off_ns));
    more.back().frame.interface = interface;
  }
  return more;
}

}  // namespace offlab
