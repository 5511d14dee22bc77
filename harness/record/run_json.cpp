#include "record/run_json.h"

#include "record/finding_json.h"

namespace offlab {
namespace {

using json = OrderedJson;

// Numbers stay numbers in "host".
json host_json(const std::map<std::string, std::string>& host) {
  json object = json::object();
  for (const auto& [key, value] : host) {
    const json number = json::parse(value, nullptr, false);
    object[key] = key == "cpus" && number.is_number_integer() ? number : json(value);
  }
  return object;
}

json series_json(const LegMeasurements& leg) {
  json list = json::array();
  for (const IntervalGoodput& interval : leg.intervals)
    list.push_back({{"start", interval.start_seconds},
                    {"seconds", interval.seconds},
                    {"goodput_bps", interval.bits_per_second},
                    {"warmup", interval.warmup}});
  return list;
}

json forwarding_json(const CaptureMeasurements& capture) {
  const ForwardingMeasurements& seen = capture.forwarding;
  json sizes = json::array();
  for (const Passage& passage : seen.passages)
    sizes.push_back({{"longest_bytes", passage.longest == 0 ? json("superframes") : json(passage.longest)},
                     {"sent", passage.sent},
                     {"lost", passage.lost}});
  return {{"compared", seen.compared},
          {"lost_bytes", seen.lost_bytes},
          {"sizes", sizes},
          {"longest_packet", seen.longest_packet},
          {"announced_mss", or_null(seen.announced_segment)},
          {"above_mss", seen.above_segment},
          {"cut_elsewhere", seen.cut_elsewhere},
          {"changed_headers", seen.changed_headers},
          {"duplicates", seen.duplicates},
          {"late", seen.late_out},
          {"longest_stall_seconds", capture.longest_stall_seconds}};
}

json measurements_json(const LegMeasurements& leg) {
  const auto capture = [&](auto member) { return leg.capture ? json((*leg.capture).*member) : json(nullptr); };
  return {{"goodput_bps", or_null(leg.goodput_bps)},
          {"uplink_bps", or_null(leg.uplink_bps)},
          {"amplification", or_null(amplification(leg))},
          {"wasted_share", or_null(wasted_share(leg))},
          {"wasted_bps", or_null(wasted_bps(leg))},
          {"retransmit_ratio", or_null(retransmit_ratio(leg))},
          {"frag_needed_router", or_null(leg.frag_needed_router)},
          {"frag_needed_wire", capture(&CaptureMeasurements::frag_needed)},
          {"frag_needed_sender", or_null(leg.frag_needed_sender)},
          {"frag_fails", or_null(leg.frag_fails)},
          {"frag_oks", or_null(leg.frag_oks)},
          {"frag_creates", or_null(leg.frag_creates)},
          {"reassembly_requests", or_null(leg.reassembly_requests)},
          {"dropped_by_receiver", or_null(leg.dropped_by_receiver)},
          {"bogus_frag_needed", capture(&CaptureMeasurements::bogus)},
          {"superframes", capture(&CaptureMeasurements::superframes)},
          {"data_frames", capture(&CaptureMeasurements::data_frames)},
          {"smallest_refused_bytes", capture(&CaptureMeasurements::smallest_quoted_length)},
          {"largest_refused_bytes", capture(&CaptureMeasurements::largest_quoted_length)},
          {"advertised_mtu", capture(&CaptureMeasurements::largest_advertised_mtu)},
          {"wire_packets", leg.wire ? json(leg.wire->data_packets) : json(nullptr)},
          {"largest_wire_packet", leg.wire ? json(leg.wire->longest_packet) : json(nullptr)},
          {"forwarding", leg.capture ? forwarding_json(*leg.capture) : json(nullptr)},
          {"transfer_end", leg.traffic_seconds > 0 ? json(to_string(leg.transfer_end)) : json(nullptr)},
          {"traffic_seconds", leg.traffic_seconds > 0 ? json(leg.traffic_seconds) : json(nullptr)},
          {"device_cpu_seconds", or_null(leg.device_cpu_seconds)},
          {"device_cpu_seconds_per_gbit", or_null(cpu_seconds_per_gbit(leg))},
          {"nic_errors", leg.nic_errors},
          {"capture_drops", leg.capture_drops},
          {"intervals", series_json(leg)}};
}

json diagnosis_json(const CaseResult& one) {
  if (!one.diagnosis) return nullptr;
  const Diagnosis& diagnosis = *one.diagnosis;
  json remedies = json::array();
  for (const Remedy& remedy : diagnosis.remedies)
    remedies.push_back({{"where", remedy.where}, {"action", remedy.action}});
  return {{"what", diagnosis.what},
          {"counters", diagnosis.counters},
          {"remedies", remedies},
          {"cost", diagnosis.cost.empty() ? json(nullptr) : json(diagnosis.cost)}};
}

json case_json(const CaseResult& one) {
  json axes = json::object();
  for (const auto& [key, value] : one.axes) axes[key] = value;
  json findings = json::array();
  for (const Finding& finding : one.findings) findings.push_back(finding_to_json(finding));
  json object = {{"id", one.id},
                 {"axes", axes},
                 {"outcome", to_string(one.outcome)},
                 {"forwarding", to_string(one.forwarding)},
                 {"class", one.fault_class ? json(to_string(*one.fault_class)) : json(nullptr)},
                 {"expect", to_string(one.expect)},
                 {"reason", one.reason},
                 {"findings", findings},
                 {"diagnosis", diagnosis_json(one)},
                 {"measurements", one.measured ? measurements_json(*one.measured) : json::object()},
                 {"control", one.control ? measurements_json(*one.control) : json::object()},
                 {"artifacts", one.artifacts}};
  if (one.devices.size() > 1) {
    object["device"] = one.device.empty() ? json(nullptr) : json(one.device);
    for (const LegMeasurements& leg : one.devices) object["devices"][leg.device] = measurements_json(leg);
  }
  return object;
}

}  // namespace

std::string run_json(const RunResult& run) {
  json cases = json::array();
  for (const CaseResult& one : run.cases) cases.push_back(case_json(one));
  json image = run.image;
  image["packages"] = run.packages;
  const json document = {{"schema", "offlab.run/1"},
                         {"outcome", to_string(run.outcome)},
                         {"question", run.question == Question::healthy ? "healthy" : "as-expected"},
                         {"name", run.name},
                         {"summary", run.summary},
                         {"started", run.started},
                         {"seconds", run.seconds},
                         {"host", host_json(run.host)},
                         {"image", image},
                         {"cases", cases}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace offlab
