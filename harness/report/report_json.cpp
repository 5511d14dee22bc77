#include "report/report_json.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "base/version.h"

namespace offlab {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_files = 60;

template <typename Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json(nullptr);
}

json pairs_of(const std::map<std::string, std::string>& words) {
  json pairs = json::array();
  for (const auto& [name, value] : words) pairs.push_back({name, value});
  return pairs;
}

json environment_of(const HtmlReport& report) {
  json parts = json::array();
  for (const LabHost& lab : report.labs) {
    json facts = pairs_of(lab.host);
    for (const auto& [name, value] : lab.image) facts.push_back({fmt::format("image: {}", name), value});
    parts.push_back(
        {{"title", lab.lab.attempt == 1 ? lab.lab.lab : fmt::format("{}, attempt {}", lab.lab.lab, lab.lab.attempt)},
         {"facts", facts}});
  }
  if (!report.packages.empty())
    parts.push_back({{"title", "packages of the guest image"}, {"facts", pairs_of(report.packages)}});
  return parts;
}

// The settings in which the cases differ, each with its values in the order in which they come.
json axes_of(const HtmlReport& report) {
  json axes = json::array();
  std::vector<std::string> keys;
  std::map<std::string, std::vector<std::string>> values;
  for (const ReportCase& one : report.cases)
    for (const auto& [key, value] : one.result.axes) {
      if (values.find(key) == values.end()) keys.push_back(key);
      auto& known = values[key];
      if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
    }
  for (const std::string& key : keys) axes.push_back({{"key", key}, {"values", values[key]}});
  return axes;
}

json finding_of(const Finding& finding) {
  json object = {{"invariant", to_string(finding.invariant)},
                 {"outcome", to_string(finding.outcome)},
                 {"warning", finding.warning},
                 {"text", finding.text}};
  if (!finding.device.empty()) object["device"] = finding.device;
  for (const EvidenceFrame& frame : finding.frames) {
    // Some texts end with what the capture has as a comment.
    const bool said = frame.text.find(frame.comment) != std::string::npos;
    object["frames"].push_back({{"point", frame.point},
                                {"number", frame.number},
                                {"seconds", frame.seconds},
                                {"text", frame.text},
                                {"comment", said ? std::string() : frame.comment}});
  }
  return object;
}

struct CounterRow {
  std::string_view name;
  Count (*read)(const LegMeasurements&);
};

template <std::uint64_t CaptureMeasurements::*Member>
Count captured(const LegMeasurements& leg) {
  return leg.capture ? Count(leg.capture.value().*Member) : Count();
}

// In the words of the kernel's counters (/proc/net/snmp), with what they mean.
constexpr CounterRow counter_rows[] = {
    {"packets refused by the router (FragFails)", [](const LegMeasurements& leg) { return leg.frag_fails; }},
    {"ICMP fragmentation needed, sent by the router",
     [](const LegMeasurements& leg) { return leg.frag_needed_router; }},
    {"ICMP fragmentation needed, seen on the wire", captured<&CaptureMeasurements::frag_needed>},
    {"ICMP fragmentation needed, received by the sender",
     [](const LegMeasurements& leg) { return leg.frag_needed_sender; }},
    {"about packets that fitted already", captured<&CaptureMeasurements::bogus>},
    {"coalesced frames into the router", captured<&CaptureMeasurements::superframes>},
    {"data frames into the router", captured<&CaptureMeasurements::data_frames>},
    {"segments sent", [](const LegMeasurements& leg) { return leg.sent_segments; }},
    {"segments retransmitted", [](const LegMeasurements& leg) { return leg.retransmitted_segments; }},
    {"packets fragmented by the router (FragOKs)", [](const LegMeasurements& leg) { return leg.frag_oks; }},
    {"fragments made (FragCreates)", [](const LegMeasurements& leg) { return leg.frag_creates; }},
    {"fragments received (ReasmReqds)", [](const LegMeasurements& leg) { return leg.reassembly_requests; }},
    {"wrong TCP checksums at the receiver", [](const LegMeasurements& leg) { return leg.checksum_errors; }},
};

json counters_of(const CaseResult& one) {
  json rows = json::array();
  const LegMeasurements none;
  const LegMeasurements& measured = one.measured ? *one.measured : none;
  const LegMeasurements& control = one.control ? *one.control : none;
  for (const CounterRow& row : counter_rows) {
    const Count in_case = row.read(measured);
    const Count in_control = row.read(control);
    if (in_case || in_control)
      rows.push_back({{"name", row.name}, {"case", or_null(in_case)}, {"control", or_null(in_control)}});
  }
  for (const DropCounter& drop : measured.drops)
    rows.push_back({{"name", fmt::format("dropped: {}", drop.what)}, {"case", drop.packets}, {"control", nullptr}});
  return rows;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Captures of the legs that were judged first, then what the guests printed, then the rest of the captures.
int rank_of(const std::string& path, const std::string& leg) {
  const bool judged = !leg.empty() && path.rfind(leg + "/", 0) == 0;
  if (ends_with(path, ".pcapng")) return judged ? 0 : 1;
  return judged ? 2 : 3;
}

std::string words_of_file(const CaseResult& one, const std::string& path) {
  const std::string below =
      path.rfind(one.folder + "/", 0) == 0 ? path.substr(one.folder.size() + 1) : path;  // "case/router-wan.pcapng"
  return ends_with(path, ".pcapng") ? fmt::format("capture: {}", below) : below;
}

json files_of(const CaseResult& one) {
  std::vector<std::string> paths = one.artifacts;
  std::stable_sort(paths.begin(), paths.end(), [&](const std::string& a, const std::string& b) {
    return rank_of(a, one.leg) < rank_of(b, one.leg);
  });
  if (paths.size() > most_files) paths.resize(most_files);
  json files = json::array();
  for (const std::string& path : paths) files.push_back({{"path", path}, {"text", words_of_file(one, path)}});
  return files;
}

json diagnosis_of(const Diagnosis& diagnosis) {
  json remedies = json::array();
  for (const Remedy& remedy : diagnosis.remedies)
    remedies.push_back({{"where", remedy.where}, {"action", remedy.action}});
  return {{"what", diagnosis.what}, {"counters", diagnosis.counters}, {"cost", diagnosis.cost}, {"remedies", remedies}};
}

std::string words_of(FaultLayer layer, const std::string& node, const std::string& network) {
  switch (layer) {
    case FaultLayer::hypervisor:
      return fmt::format("the hypervisor, below the {} NIC of {}", network, node);
    case FaultLayer::nic:
      return fmt::format("the {} NIC of {}", network, node);
    case FaultLayer::guest:
      return fmt::format("the NIC driver in {}", node);
    case FaultLayer::router:
      return fmt::format("forwarding in {}", node);
    case FaultLayer::network:
      return fmt::format("the path through {}", network);
  }
  return "";
}

// The first device of the path, unless another one was named.
json fault_of(const ReportCase& one) {
  if (one.result.forwarding != Outcome::fail || !one.result.diagnosis || !one.result.diagnosis->layer) return nullptr;
  const std::vector<std::string>& path = one.profile.picture.path;
  if (path.size() < 5) return nullptr;
  std::size_t at = 2;
  for (std::size_t i = 2; i + 2 < path.size(); i += 2)
    if (path[i] == one.result.device) at = i;
  return {{"layer", to_string(*one.result.diagnosis->layer)},
          {"node", path[at]},
          {"network", path[at - 1]},
          {"text", words_of(*one.result.diagnosis->layer, path[at], path[at - 1])}};
}

void add_figures(const CaseResult& one, json& object) {
  if (!one.measured) return;
  const LegMeasurements& measured = *one.measured;
  object["goodput"] = or_null(measured.goodput_bps);
  object["uplink"] = or_null(measured.uplink_bps);
  object["refused"] = or_null(measured.frag_fails);
  object["amplification"] = or_null(amplification(measured));
  object["wasted"] = or_null(wasted_share(measured));
  if (!one.control) return;
  object["control_goodput"] = or_null(one.control->goodput_bps);
  if (const auto ratio = goodput_ratio(measured, *one.control))
    object["ratio"] = {ratio->value, ratio->low, ratio->high};
}

json histogram_of(const SizeHistogram& histogram) {
  json bins = json::array();
  for (const auto& [edge, packets] : histogram) bins.push_back({edge, packets});
  return bins;
}

json pairs_of(const ReportPairs& pairs) {
  return {{"changes", pairs.changes},
          {"mean", pairs.mean},
          {"interval", pairs.interval ? json({pairs.interval->first, pairs.interval->second}) : json(nullptr)},
          {"interval_percent", pairs.interval_percent},
          {"margin", pairs.margin}};
}

}  // namespace

json report_head_json(const HtmlReport& report) {
  json blocks = json::array();
  for (const ReportBlock& block : report.blocks)
    blocks.push_back({{"title", block.title}, {"text", block.text}, {"head", block.head}, {"rows", block.rows}});
  return {{"schema", "offlab.report/1"},
          {"kind", report.kind},
          {"title", report.title},
          {"summary", report.summary},
          {"sentence", report.sentence},
          {"outcome", to_string(report.outcome)},
          {"question", report.question == Question::healthy ? "healthy" : "as-expected"},
          {"started", report.started},
          {"seconds", report.seconds},
          {"offlab", program_version()},
          {"blocks", blocks},
          {"pairs", report.pairs ? pairs_of(*report.pairs) : json(nullptr)},
          {"axes", axes_of(report)},
          {"environment", environment_of(report)}};
}

json report_case_json(const ReportCase& one, int topology) {
  const CaseResult& result = one.result;
  json axes = json::object();
  for (const auto& [key, value] : result.axes) axes[key] = value;
  json findings = json::array();
  for (const Finding& finding : result.findings) findings.push_back(finding_of(finding));
  json settings = json::array();
  for (const SettingReading& reading : one.profile.settings)
    settings.push_back(
        {{"where", reading.where}, {"what", reading.what}, {"case", reading.in_case}, {"control", reading.in_control}});
  json object = {{"id", result.id},
                 {"axes", axes},
                 {"outcome", to_string(result.outcome)},
                 {"forwarding", to_string(result.forwarding)},
                 {"class", result.fault_class ? json(to_string(*result.fault_class)) : json(nullptr)},
                 {"expect", to_string(result.expect)},
                 {"device", result.device},
                 {"reason", result.reason},
                 {"attempts", result.attempts},
                 {"seconds", result.seconds},
                 {"lab", result.lab.lab},
                 {"remarks", one.remarks},
                 {"report", one.report},
                 {"findings", findings},
                 {"counters", counters_of(result)},
                 {"settings", settings},
                 {"files", files_of(result)},
                 {"fault", fault_of(one)},
                 {"diagnosis", result.diagnosis && result.forwarding == Outcome::fail ? diagnosis_of(*result.diagnosis)
                                                                                      : json(nullptr)}};
  if (topology >= 0) object["topology"] = topology;
  add_figures(result, object);
  return object;
}

json report_legs_json(const CaseProfile& profile) {
  json legs = json::array();
  for (const LegProfile& leg : profile.legs) {
    json goodput = json::array();
    for (const GoodputSample& sample : leg.goodput)
      goodput.push_back({sample.start, sample.seconds, sample.bits_per_second});
    json points = json::array();
    for (const PointProfile& point : leg.points)
      points.push_back({{"point", point.point},
                        {"text", point.text},
                        {"limit", point.mtu},
                        {"packets", histogram_of(point.packets)},
                        {"frames", histogram_of(point.frames)}});
    legs.push_back({{"name", leg.name},
                    {"step", leg.step},
                    {"uplink", leg.uplink},
                    {"goodput", goodput},
                    {"errors", leg.errors},
                    {"points", points},
                    {"missing", leg.missing}});
  }
  return legs;
}

json report_topology_json(const CasePicture& picture) {
  json nodes = json::array();
  for (const PicturedNode& node : picture.nodes) {
    json nics = json::array();
    for (const PicturedNic& nic : node.nics)
      nics.push_back({{"network", nic.network},
                      {"model", nic.model},
                      {"mtu", nic.mtu},
                      {"addresses", nic.addresses},
                      {"device", nic.device}});
    nodes.push_back({{"name", node.name},
                     {"role", node.role},
                     {"under_test", node.under_test},
                     {"text", node.text},
                     {"nics", nics}});
  }
  json networks = json::array();
  for (const std::string& network : picture.networks) networks.push_back({{"name", network}});
  json points = json::array();
  for (const PicturedPoint& point : picture.points)
    points.push_back(
        {{"id", point.id}, {"node", point.node}, {"network", point.network}, {"side", to_string(point.side)}});
  return {{"path", picture.path}, {"nodes", nodes}, {"networks", networks}, {"points", points}};
}

}  // namespace offlab
