#include "measure/measure_leg.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include "base/error.h"
#include "measure/background.h"
#include "measure/capture_analysis.h"
#include "measure/drop_counters.h"
#include "measure/iperf3.h"
#include "measure/kernel_log.h"
#include "measure/nic_errors.h"
#include "measure/node_counters.h"
#include "measure/sections.h"
#include "measure/settings_held.h"
#include "measure/stream.h"

namespace offlab {
namespace {

NodeCounters counters_of(const NodeSections& nodes) {
  NodeCounters counters;
  for (const auto& [node, sections] : nodes) {
    const auto text = [&sections = sections](const char* name) {
      const auto section = sections.find(name);
      return section == sections.end() ? std::string() : section->second;
    };
    Counters& all = counters[node];
    all.merge(parse_paired_counters(text("/proc/net/snmp")));
    all.merge(parse_paired_counters(text("/proc/net/netstat")));
    all.merge(parse_snmp6(text("/proc/net/snmp6")));
  }
  return counters;
}

void read_transfer(const LegIntent& intent, const LegObservation& seen, LegMeasurements& leg) {
  const Iperf3Result result = read_iperf3(intent, seen.transfer);
  leg.intervals = result.intervals;
  leg.transfer_failure = result.failure;
  leg.transfer_end = seen.transfer.end;
  leg.traffic_seconds = seen.transfer.traffic_seconds;
  if (leg.transfer_failure.empty() && seen.transfer.exit_status != 0 && !result.ended_early)
    leg.transfer_failure = fmt::format("iperf3 exited with status {}", seen.transfer.exit_status);
  if (leg.transfer_failure.empty()) leg.goodput_bps = goodput_of(result.intervals);
  if (!leg.goodput_bps) leg.missing.emplace_back("goodput");
}

// The rate into the router after the warm-up, from the tap's byte counter.
void read_uplink(const LegIntent& intent, const LegObservation& seen, LegMeasurements& leg) {
  const TapSample* first = nullptr;
  const TapSample* last = nullptr;
  for (const TapSample& sample : seen.samples) {
    if (sample.tap != intent.hops.front().ingress_tap || sample.seconds < intent.warmup_seconds) continue;
    if (first == nullptr) first = &sample;
    last = &sample;
  }
  if (first != nullptr && last->seconds > first->seconds && last->tx_bytes >= first->tx_bytes)
    leg.uplink_bps = static_cast<double>(last->tx_bytes - first->tx_bytes) * 8 / (last->seconds - first->seconds);
}

// When the first file was full: what the others have after it cannot be compared with anything.
std::int64_t horizon_of(const LegObservation& seen) {
  std::int64_t horizon = CaptureAnalysis::no_horizon;
  for (const CaptureStatistics& capture : seen.captures)
    if (capture.full_ns) horizon = std::min(horizon, *capture.full_ns);
  return horizon;
}

// Times are compared with each other; slewing by NTP does no harm.
constexpr double clock_tolerance_seconds = 0.1;

double clock_step_seconds(const LegObservation& seen) {
  double step = 0;
  for (const CaptureStatistics& capture : seen.captures) {
    const double one = static_cast<double>(capture.clock_step_ns) / 1e9;
    if (std::abs(one) > std::abs(step)) step = one;
  }
  return step;
}

// By its id: all that recordings of an earlier version tell of a point.
bool is_at(const CapturePoint& point, const std::optional<CapturePoint>& of_hop) {
  return of_hop && of_hop->id == point.id;
}

// A file that is empty and was not when it was written proves nothing.
void check_read(const LegObservation& seen, const std::optional<CapturePoint>& point, std::uint64_t frames) {
  for (const CaptureStatistics& capture : seen.captures)
    if (is_at(capture.point, point) && frames == 0 && capture.frames > 0)
      throw Error(fmt::format("{} is empty, and had {} frames when it was written", capture.file, capture.frames));
}

void read_captures(const LegIntent& intent, const HopIntent& hop, const LegObservation& seen,
                   const HopCaptures& captures, LegMeasurements& leg) {
  for (const CaptureStatistics& capture : seen.captures) {
    if (!is_at(capture.point, hop.ingress) && !is_at(capture.point, hop.egress) && !is_at(capture.point, hop.wire) &&
        !is_at(capture.point, hop.returned))
      continue;
    leg.capture_drops += capture.dropped;
  }
  if (!hop.ingress || !hop.egress) {
    leg.missing.emplace_back("captures: this lab does not show the frames at its guests' NICs");
    return;
  }
  if (captures.ingress == nullptr || captures.egress == nullptr || (captures.wire == nullptr && hop.wire) ||
      (captures.returned == nullptr && hop.returned)) {
    leg.missing.emplace_back("captures");
    return;
  }
  if (const double step = clock_step_seconds(seen); std::abs(step) > clock_tolerance_seconds) {
    leg.missing.push_back(fmt::format("captures: the clock that dates them was set by {:.1f} s meanwhile", step));
    return;
  }
  try {
    CaptureAnalysis analysis(intent, hop, Connections::begun_in_capture, horizon_of(seen));
    if (captures.wire != nullptr) leg.wire = analysis.read_wire(*captures.wire);
    analysis.read(captures.ingress, captures.egress, captures.returned);
    check_read(seen, hop.ingress, analysis.frames_before());
    check_read(seen, hop.egress, analysis.frames_behind());
    leg.capture = analysis.take();
  } catch (const Error& error) {
    leg.missing.push_back(fmt::format("captures: {}", error.what()));
  }
}

// What came to the device and found the queue in front of it full: the tap's, as the host counts it.
void read_tap_drops(const HopIntent& hop, const LegObservation& seen, LegMeasurements& leg) {
  const auto before = seen.before.taps.find(hop.ingress_tap);
  const auto after = seen.after.taps.find(hop.ingress_tap);
  if (before == seen.before.taps.end() || after == seen.after.taps.end()) return;
  if (after->second.tx_dropped > before->second.tx_dropped)
    leg.drops.push_back({fmt::format("the queue of tap {}", hop.ingress_tap),
                         after->second.tx_dropped - before->second.tx_dropped, DropKind::receive_queue});
}

void read_nic_errors(const LegIntent& intent, const HopIntent& hop, const NodeSections& before,
                     const NodeSections& after, LegMeasurements& leg) {
  std::vector<NicRef> nics = {hop.hop.ingress_nic()};
  if (hop.egress_tap != hop.ingress_tap) nics.push_back(egress_nic(hop));  // a one-armed router has one
  for (const NicRef& ref : nics) {
    const NicIntent* nic = find_nic(intent, ref);
    if (nic == nullptr) continue;
    const std::string section = "ethtool -S " + nic->device;
    const auto text = [&](const NodeSections& nodes) {
      const auto node = nodes.find(ref.node);
      if (node == nodes.end()) return std::string();
      const auto found = node->second.find(section);
      return found == node->second.end() ? std::string() : found->second;
    };
    if (const std::uint64_t full = grown_ring_drops(text(before), text(after));
        full > 0 && ref == hop.hop.ingress_nic())
      leg.drops.push_back({fmt::format("the receive ring of {}", to_string(ref)), full, DropKind::receive_queue});
    for (const std::string& error : grown_nic_errors(text(before), text(after)))
      leg.nic_errors.push_back(fmt::format("{}: {}", to_string(ref), error));
  }
}

// What the device's kernel counted as dropped.
void read_drops(const HopIntent& hop, const NodeSections& before, const NodeSections& after, LegMeasurements& leg) {
  for (const std::string& router : routers_of(hop)) {
    const auto from = before.find(router);
    const auto to = after.find(router);
    if (from == before.end() || to == after.end()) continue;
    for (DropCounter& one : grown_drops(from->second, to->second)) {
      if (!hop.far_router.empty()) one.what = router + ": " + one.what;
      leg.drops.push_back(std::move(one));
    }
  }
}

std::set<std::string> nodes_of(const LegIntent& intent) {
  std::set<std::string> nodes;
  for (const NicIntent& wanted : intent.nics) nodes.insert(wanted.nic.node);
  return nodes;
}

void read_kernel_logs(const LegIntent& intent, const NodeSections& after, LegMeasurements& leg) {
  leg.kernel_logs_read = true;
  for (const std::string& node : nodes_of(intent)) {
    const auto sections = after.find(node);
    const auto log = sections == after.end() ? std::map<std::string, std::string>::const_iterator()
                                             : sections->second.find("kernel log");
    // The log begins with the mark that was written before the transfer; without it the log wrapped or was not read.
    if (sections == after.end() || log == sections->second.end() ||
        log->second.find("offlab: begin") == std::string::npos) {
      leg.kernel_logs_read = false;
      leg.missing.push_back("kernel log of " + node);
      continue;
    }
    for (const std::string& line : kernel_complaints(log->second))
      leg.kernel_complaints.push_back(fmt::format("{}: {}", node, line));
  }
}

// A flow and a load of TCP from the same sender share its kernel's counters.
void take_out_background(LegMeasurements& leg) {
  if (!leg.background || leg.background->opposite || !leg.retransmitted_segments) return;
  *leg.retransmitted_segments -= std::min(*leg.retransmitted_segments, leg.background->retransmits);
}

}  // namespace

LegMeasurements measure_leg(const LegIntent& intent, std::size_t index, const LegObservation& seen,
                            const HopCaptures& captures) {
  const HopIntent& hop = intent.hops.at(index);
  LegMeasurements leg;
  leg.device = device_name(hop);
  leg.has_taps = !intent.taps.empty();
  const NodeSections before = sections_of(seen.before);
  const NodeSections after = sections_of(seen.after);
  read_transfer(intent, seen, leg);
  read_uplink(intent, seen, leg);
  if (intent.observable.guest_counters) {
    read_counters(intent, hop, counters_of(before), counters_of(after), leg);
    read_kernel_logs(intent, after, leg);
    read_nic_errors(intent, hop, before, after, leg);
    read_drops(hop, before, after, leg);
  } else {
    leg.missing.emplace_back("the guests' counters and settings, which this lab does not show");
  }
  read_tap_drops(hop, seen, leg);
  read_captures(intent, hop, seen, captures, leg);
  SettingsCheck settings = check_settings(intent, hop.hop, seen, before, after);
  leg.differences = std::move(settings.differences);
  leg.side_effects = std::move(settings.side_effects);
  leg.ingress_lro = settings.ingress_lro;
  if (const auto cpu = seen.cpu_seconds.find(hop.hop.router); cpu != seen.cpu_seconds.end())
    leg.device_cpu_seconds = cpu->second;
  if (seen.stream) leg.stream = measure_stream(*seen.stream);
  if (intent.uplink_rate) leg.uplink_limit_bps = intent.uplink_rate->bits_per_second;
  if (intent.flow.background.sender != BackgroundSender::off) {
    std::string missing;
    leg.background = measure_background(
        intent.flow, seen.background.value_or(BackgroundOutput{{}, {}, "it was not recorded"}), missing);
    if (!missing.empty()) leg.missing.push_back(std::move(missing));
    take_out_background(leg);
  }
  leg.missing.insert(leg.missing.end(), settings.missing.begin(), settings.missing.end());
  return leg;
}

}  // namespace offlab
