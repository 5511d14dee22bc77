#include "measure/leg_profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "base/error.h"
#include "capture/packet.h"
#include "measure/guest_features.h"
#include "measure/iperf3.h"
#include "measure/sections.h"
#include "measure/size_histogram.h"

namespace offlab {
namespace {

constexpr double finest_step = 0.1;  // seconds; what the taps are sampled at
constexpr std::size_t most_buckets = 120;
constexpr std::size_t most_settings = 60;

// The first of these that holds the whole time in most_buckets.
double step_for(double seconds) {
  for (const double step : {finest_step, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0})
    if (seconds <= step * static_cast<double>(most_buckets)) return step;
  return std::max(60.0, std::ceil(seconds / static_cast<double>(most_buckets)));
}

// Adds values to buckets of the finest step, then makes coarser ones of them.
class TimeBuckets {
 public:
  void add(double seconds, double value) {
    if (!(seconds >= 0) || seconds > longest_seconds) return;
    const auto bucket = static_cast<std::size_t>(seconds / finest_step + 1e-9);
    if (bucket >= fine_.size()) fine_.resize(bucket + 1);
    fine_[bucket] += value;
  }
  double seconds() const { return static_cast<double>(fine_.size()) * finest_step; }
  std::vector<double> in_steps(double step) const {
    const auto each = static_cast<std::size_t>(std::lround(step / finest_step));
    std::vector<double> sums((fine_.size() + each - 1) / each);
    for (std::size_t i = 0; i < fine_.size(); ++i) sums[i / each] += fine_[i];
    return sums;
  }

 private:
  static constexpr double longest_seconds = 7200;
  std::vector<double> fine_;
};

// What the wire carries of a frame, as the capture at one point has it.
class PointReader {
 public:
  explicit PointReader(const LegIntent& intent) : port_(intent.port) {}

  void read(FrameSource& frames) {
    Frame frame;
    std::optional<Packet> packet;
    while (frames.next(frame)) {
      glance_at_packet(frame, packet);
      if (packet) see(frame, *packet);
    }
  }

  SizeHistogram packets() const { return packets_.take(); }
  SizeHistogram frames() const { return coalesced_ ? frames_.take() : SizeHistogram(); }
  const TimeBuckets& bytes() const { return bytes_; }
  const TimeBuckets& errors() const { return errors_; }

 private:
  void see(const Frame& frame, const Packet& packet) {
    const bool is_data = packet.tcp && packet.tcp->payload_bytes > 0 &&
                         (packet.flow.source_port == port_ || packet.flow.destination_port == port_);
    if (is_data) find_begin(frame, packet.tcp->payload_bytes);
    frames_.add(packet.length);
    count_packets(frame, packet);
    if (!begin_ns_ || frame.time_ns < *begin_ns_) return;
    const double since = static_cast<double>(frame.time_ns - *begin_ns_) * 1e-9;
    if (packet.too_big) errors_.add(since, 1);
    if (is_into_device(frame)) bytes_.add(since, frame.length);
  }

  // iperf3 exchanges a few hundred bytes on the same port before the transfer begins: with many streams, seconds
  // before.
  void find_begin(const Frame& frame, std::uint32_t payload) {
    constexpr std::uint32_t bulk = 400;
    const bool is_bulk = payload >= bulk;
    if (begin_ns_ && (begun_with_bulk_ || !is_bulk)) return;
    begin_ns_ = frame.time_ns;
    begun_with_bulk_ = is_bulk;
    bytes_ = {};
    errors_ = {};
  }

  // Without a direction every frame counts as going in; acknowledgements are few bytes.
  static bool is_into_device(const Frame& frame) { return !frame.has_direction || frame.to_guest; }

  void count_packets(const Frame& frame, const Packet& packet) {
    const std::uint32_t payload = packet.tcp ? packet.tcp->payload_bytes : 0;
    if (frame.gso == GsoType::none || frame.gso_size == 0 || payload <= frame.gso_size)
      return packets_.add(packet.length);
    coalesced_ = true;
    const std::uint32_t headers = packet.length - payload;
    packets_.add(headers + frame.gso_size, payload / frame.gso_size);
    if (const std::uint32_t rest = payload % frame.gso_size) packets_.add(headers + rest);
  }

  std::uint16_t port_;
  std::optional<std::int64_t> begin_ns_;
  bool begun_with_bulk_ = false;
  bool coalesced_ = false;
  SizeCounter packets_;
  SizeCounter frames_;
  TimeBuckets bytes_;
  TimeBuckets errors_;
};

bool is_whole(const LegObservation& seen, const std::string& point) {
  return std::any_of(seen.captures.begin(), seen.captures.end(), [&](const CaptureStatistics& capture) {
    return capture.point.id == point && capture.dropped == 0 && capture.beyond_limit == 0;
  });
}

// From the tap's byte counter, where the capture does not have every frame. Time begins when bytes begin to come.
TimeBuckets sampled_bytes(const LegObservation& seen, const std::string& tap) {
  constexpr std::uint64_t traffic_bytes = 3000;  // in a tenth of a second: more than neighbours and ARP send
  TimeBuckets buckets;
  const TapSample* last = nullptr;
  std::optional<double> begin;
  for (const TapSample& sample : seen.samples) {
    if (sample.tap != tap) continue;
    if (last != nullptr && sample.tx_bytes >= last->tx_bytes) {
      const std::uint64_t bytes = sample.tx_bytes - last->tx_bytes;
      if (!begin && bytes >= traffic_bytes) begin = last->seconds;
      if (begin) buckets.add(last->seconds - *begin, static_cast<double>(bytes));
    }
    last = &sample;
  }
  return buckets;
}

std::vector<double> bits_per_second(const TimeBuckets& bytes, double step) {
  std::vector<double> rates = bytes.in_steps(step);
  for (double& rate : rates) rate = std::round(rate * 8 / step);
  return rates;
}

std::vector<std::uint64_t> counts(const TimeBuckets& errors, double step, std::size_t buckets) {
  std::vector<std::uint64_t> all;
  for (const double count : errors.in_steps(step)) all.push_back(static_cast<std::uint64_t>(std::llround(count)));
  all.resize(std::max(all.size(), buckets));
  return all;
}

struct PlacedPoint {
  CapturePoint point;
  std::string text;
  Mtu mtu;
};

void place(const std::optional<CapturePoint>& point, const std::string& text, Mtu mtu,
           std::vector<PlacedPoint>& placed) {
  const bool known = point && std::any_of(placed.begin(), placed.end(),
                                          [&](const PlacedPoint& one) { return one.point.id == point->id; });
  if (point && !known) placed.push_back({*point, text, mtu});
}

std::vector<PlacedPoint> placed_points(const LegIntent& intent) {
  std::vector<PlacedPoint> placed;
  for (const HopIntent& hop : intent.hops) {
    place(hop.wire, fmt::format("on the wire before {} ({})", hop.hop.router, hop.hop.ingress), hop.ingress_mtu,
          placed);
    place(hop.ingress, fmt::format("into {} ({})", hop.hop.router, hop.hop.ingress), hop.ingress_mtu, placed);
    place(hop.egress, fmt::format("out of {} ({})", egress_nic(hop).node, hop.hop.egress), hop.egress_mtu, placed);
  }
  return placed;
}

void read_goodput(const LegIntent& intent, const LegObservation& seen, LegProfile& profile) {
  for (const IntervalGoodput& one : read_iperf3(intent, seen.transfer).intervals)
    profile.goodput.push_back({one.start_seconds, one.seconds, std::round(one.bits_per_second)});
  if (profile.goodput.size() <= most_buckets) return;
  std::vector<GoodputSample> coarse;
  const std::size_t each = profile.goodput.size() / most_buckets + 1;
  for (std::size_t i = 0; i < profile.goodput.size(); i += each) {
    GoodputSample sum = {profile.goodput[i].start, 0, 0};
    for (std::size_t k = i; k < std::min(i + each, profile.goodput.size()); ++k) {
      sum.bits_per_second += profile.goodput[k].bits_per_second * profile.goodput[k].seconds;
      sum.seconds += profile.goodput[k].seconds;
    }
    if (sum.seconds > 0) sum.bits_per_second = std::round(sum.bits_per_second / sum.seconds);
    coarse.push_back(sum);
  }
  profile.goodput = std::move(coarse);
}

// One leg's settings, by place and name, in the order in which they are shown.
class Readings {
 public:
  Readings(const LegIntent& intent, const LegObservation& seen) : seen_(seen), nodes_(sections_of(seen.before)) {
    for (const NicIntent& nic : intent.nics) read_nic(nic);
    for (const HopIntent& hop : intent.hops)
      for (const std::string& tap : {hop.ingress_tap, hop.egress_tap}) read_tap(tap);
    for (const std::string& router : intent.routers) read_text(router, "ip_forward");
    for (const WantedValue& value : intent.values) read_text(value.node, value.file.name);
  }

  const std::vector<std::pair<std::string, std::string>>& order() const { return order_; }
  std::string value(const std::pair<std::string, std::string>& of) const {
    const auto found = values_.find(of);
    return found == values_.end() ? std::string() : found->second;
  }

 private:
  void add(const std::string& where, const std::string& what, const std::string& value) {
    if (values_.try_emplace({where, what}, value).second) order_.emplace_back(where, what);
  }
  const std::string* section(const std::string& node, const std::string& name) const {
    const auto found = nodes_.find(node);
    if (found == nodes_.end()) return nullptr;
    const auto text = found->second.find(name);
    return text == found->second.end() ? nullptr : &text->second;
  }
  void read_text(const std::string& node, const std::string& name) {
    if (const std::string* text = section(node, name)) add(node, name, single_spaced(*text));
  }
  void read_nic(const NicIntent& nic) {
    if (const std::string* text = section(nic.nic.node, "mtu " + nic.device))
      add(to_string(nic.nic), "mtu", single_spaced(*text));
    const std::string* text = section(nic.nic.node, "ethtool -k " + nic.device);
    if (text == nullptr) return;
    try {
      for (const auto& [name, state] : parse_guest_features(*text))
        add(to_string(nic.nic), name, state.active ? "on" : "off");
    } catch (const Error&) {
      return;  // what ethtool printed is in the recording
    }
  }
  void read_tap(const std::string& tap) {
    const auto state = seen_.before.taps.find(tap);
    if (state == seen_.before.taps.end()) return;
    for (const auto& [name, on] : state->second.features) add("tap " + tap, name, on ? "on" : "off");
  }

  const LegObservation& seen_;
  NodeSections nodes_;
  std::map<std::pair<std::string, std::string>, std::string> values_;
  std::vector<std::pair<std::string, std::string>> order_;
};

// The offloads that coalesce or split packets; of the others only those are shown that differ.
bool always_shown(const std::string& what) {
  static const std::set<std::string> names = {
      "large-receive-offload", "generic-receive-offload",      "rx-gro-hw", "tx-tcp-segmentation",
      "tx-tcp6-segmentation",  "generic-segmentation-offload", "mtu",       "ip_forward"};
  return names.count(what) > 0;
}

}  // namespace

std::vector<CapturePoint> points_of(const LegIntent& intent) {
  std::vector<CapturePoint> points;
  for (const PlacedPoint& one : placed_points(intent)) points.push_back(one.point);
  return points;
}

LegProfile profile_leg(const std::string& name, const LegIntent& intent, const LegObservation& seen,
                       const PointCaptures& captures) {
  LegProfile profile{
      .name = name, .step = finest_step, .uplink = {}, .errors = {}, .goodput = {}, .points = {}, .missing = {}};
  TimeBuckets bytes;
  TimeBuckets errors;
  const std::string first = intent.hops.empty() ? std::string() : name_of(intent.hops.front().ingress);
  for (const PlacedPoint& placed : placed_points(intent)) {
    const auto source = captures.find(placed.point.id);
    if (source == captures.end()) {
      profile.missing.push_back(fmt::format("{}: not captured", placed.point.id));
      continue;
    }
    PointReader reader(intent);
    try {
      reader.read(*source->second);
    } catch (const Error& error) {
      profile.missing.push_back(fmt::format("{}: {}", placed.point.id, error.what()));
    }
    profile.points.push_back({placed.point.id, placed.text, placed.mtu.bytes, reader.packets(), reader.frames()});
    if (placed.point.id != first) continue;
    bytes = reader.bytes();
    errors = reader.errors();
  }
  if (!intent.hops.empty() && !is_whole(seen, first))
    if (TimeBuckets sampled = sampled_bytes(seen, intent.hops.front().ingress_tap); sampled.seconds() > 0)
      bytes = std::move(sampled);
  read_goodput(intent, seen, profile);
  const double end = profile.goodput.empty() ? 0 : profile.goodput.back().start + profile.goodput.back().seconds;
  profile.step = step_for(std::max({bytes.seconds(), errors.seconds(), end}));
  profile.uplink = bits_per_second(bytes, profile.step);
  profile.errors = counts(errors, profile.step, profile.uplink.size());
  return profile;
}

std::vector<SettingReading> read_settings(const LegIntent& intent, const LegObservation& in_case,
                                          const LegObservation& in_control) {
  const Readings measured(intent, in_case);
  const Readings control(intent, in_control);
  std::vector<SettingReading> settings;
  for (const bool differing : {true, false})
    for (const auto& name : measured.order()) {
      const SettingReading one = {name.first, name.second, measured.value(name), control.value(name)};
      const bool differs = one.in_case != one.in_control;
      if (differs == differing && (differs || always_shown(one.what)) && settings.size() < most_settings)
        settings.push_back(one);
    }
  return settings;
}

}  // namespace offlab
