#include "unit/runner/changed_frames.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "capture/frame_edit.h"

namespace offlab {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::size_t at_ipv6_length = at_ip + 4;
constexpr std::size_t at_ipv6_payload = at_ip + 40;
constexpr std::size_t icmp_header = 8;

bool by_time(const StoredFrame& one, const StoredFrame& other) {
  return one.frame.time_ns < other.frame.time_ns;
}

bool is_ipv4(const StoredFrame& frame) {
  return number_at(frame.bytes, 12, 2) == 0x0800;
}

bool is_ipv6(const StoredFrame& frame) {
  return number_at(frame.bytes, 12, 2) == 0x86dd;
}

// Where the quote of an error begins.
std::size_t at_quote_of(const StoredFrame& error) {
  return (is_ipv4(error) ? at_transport : at_ipv6_payload) + icmp_header;
}

}  // namespace

Frames only(const Frames& frames, const IsWanted& is_wanted) {
  Frames kept;
  std::copy_if(frames.begin(), frames.end(), std::back_inserter(kept), is_wanted);
  return kept;
}

Frames without(const Frames& frames, const IsWanted& is_unwanted) {
  return only(frames, std::not_fn(is_unwanted));
}

Frames first_part(const Frames& frames, double part) {
  const auto kept = static_cast<std::ptrdiff_t>(std::floor(part * static_cast<double>(frames.size())));
  return {frames.begin(), frames.begin() + kept};
}

TransferTimes transfer_times(const Frames& frames) {
  TransferTimes times;
  for (const StoredFrame& frame : frames) {
    if (!sent_by_sender(frame) || !carries_data(frame)) continue;
    if (times.begin_ns == 0) times.begin_ns = frame.frame.time_ns;
    times.end_ns = frame.frame.time_ns;
  }
  return times;
}

Frames begun_at(const Frames& frames, std::int64_t time_ns) {
  return only(frames, [&](const StoredFrame& frame) { return frame.frame.time_ns >= time_ns; });
}

Frames ended_at(const Frames& frames, std::int64_t time_ns) {
  return only(frames, [&](const StoredFrame& frame) { return frame.frame.time_ns <= time_ns; });
}

Frames with_losses(const Frames& frames, double share, unsigned seed) {
  std::mt19937 random(seed);
  const double limit = share * static_cast<double>(std::mt19937::max());
  return without(frames, [&](const StoredFrame&) { return static_cast<double>(random()) < limit; });
}

Frames shifted(Frames frames, std::int64_t by_ns) {
  for (StoredFrame& frame : frames) frame.frame.time_ns += by_ns;
  return frames;
}

Frames drifted(Frames frames, double parts_per_million) {
  if (frames.empty()) return frames;
  const std::int64_t begin = frames.front().frame.time_ns;
  for (StoredFrame& frame : frames) {
    const auto passed = static_cast<double>(frame.frame.time_ns - begin);
    frame.frame.time_ns += std::llround(passed * parts_per_million / 1e6);
  }
  return frames;
}

Frames cut_at(Frames frames, std::size_t snap_length) {
  for (StoredFrame& frame : frames) frame.bytes.resize(std::min(frame.bytes.size(), snap_length));
  return frames;
}

Frames repeated(const Frames& frames, unsigned times) {
  Frames all;
  for (unsigned copy = 0; copy < times; ++copy)
    for (StoredFrame frame : frames) {
      frame.frame.time_ns += std::int64_t{4000} * copy;
      all.push_back(std::move(frame));
    }
  std::stable_sort(all.begin(), all.end(), by_time);
  return all;
}

Frames merged(std::initializer_list<Frames> parts) {
  Frames all;
  for (const Frames& part : parts) all.insert(all.end(), part.begin(), part.end());
  std::stable_sort(all.begin(), all.end(), by_time);
  return all;
}

Frames disordered(const Frames& frames, std::int64_t by_ns, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::pair<std::int64_t, std::size_t>> places;
  for (std::size_t at = 0; at < frames.size(); ++at)
    places.emplace_back(frames[at].frame.time_ns + static_cast<std::int64_t>(random() % static_cast<unsigned>(by_ns)),
                        at);
  std::sort(places.begin(), places.end());
  Frames all;
  for (const auto& [time, at] : places) all.push_back(frames[at]);
  return all;
}

Frames of_interface(Frames frames, std::uint16_t interface) {
  for (StoredFrame& frame : frames) frame.frame.interface = interface;
  return frames;
}

Frames with_cut_errors(Frames frames) {
  for (StoredFrame& frame : frames)
    if (is_icmp_error(frame)) frame.bytes.resize(at_quote_of(frame));
  return frames;
}

Frames with_short_errors(Frames frames) {
  for (StoredFrame& frame : frames) {
    if (!is_icmp_error(frame)) continue;
    frame.bytes.resize(at_quote_of(frame));
    frame.frame.length = static_cast<std::uint32_t>(frame.bytes.size());
    if (is_ipv4(frame)) {
      put_number(frame.bytes, at_ip_length, 2, frame.frame.length - std::uint32_t{at_ip});
      put_header_checksum(frame.bytes);
    } else {
      put_number(frame.bytes, at_ipv6_length, 2, icmp_header);
    }
  }
  return frames;
}

Frames without_ip_length(Frames frames, std::uint32_t longer_than, bool with_checksum) {
  for (StoredFrame& frame : frames) {
    const auto packet = packet_of(frame);
    if (!packet || !packet->tcp || frame.frame.length <= longer_than) continue;
    if (is_ipv6(frame)) put_number(frame.bytes, at_ipv6_length, 2, 0);
    if (!is_ipv4(frame)) continue;
    put_number(frame.bytes, at_ip_length, 2, 0);
    put_number(frame.bytes, at_header_checksum, 2, 0);
    if (with_checksum) put_header_checksum(frame.bytes);
  }
  return frames;
}

CapturedPair stopped_router(const CapturedPair& pair) {
  const Frames data =
      only(pair.lan, [](const StoredFrame& frame) { return sent_by_sender(frame) && carries_data(frame); });
  const std::int64_t stop = data.at(data.size() / 2).frame.time_ns;
  CapturedPair stopped;
  const auto is_tcp_or_error = [](const StoredFrame& frame) {
    const auto packet = packet_of(frame);
    return packet && (packet->tcp || packet->fragment || packet->too_big);
  };
  stopped.lan =
      without(pair.lan, [&](const StoredFrame& frame) { return frame.frame.time_ns > stop && is_tcp_or_error(frame); });
  Frames sent;
  stopped.wan = without(pair.wan, [&](const StoredFrame& frame) {
    if (frame.frame.time_ns <= stop || !is_tcp_or_error(frame)) return false;
    if (!sent_by_sender(frame) || sent.size() == 10) return true;
    if (carries_data(frame)) sent.push_back(frame);
    return false;
  });
  if (sent.empty()) return stopped;
  Frames again;
  for (const std::int64_t after : {200, 600, 1400, 3000, 6200}) {
    again.push_back(sent.front());
    again.back().frame.time_ns = sent.back().frame.time_ns + after * millisecond;
  }
  stopped.wan = merged({stopped.wan, again});
  return stopped;
}

}  // namespace offlab
