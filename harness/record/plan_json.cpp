#include "record/plan_json.h"

#include <fmt/core.h>

#include "record/disk_image_json.h"
#include "record/earlier_plan.h"
#include "record/host_lro_json.h"
#include "record/json_values.h"

namespace offlab {

void to_json(json& j, const Background& background) {
  j = {{"sender", to_string(background.sender)},
       {"streams", background.streams},
       {"object", background.object},
       {"every_seconds", background.every_seconds},
       {"bits_per_second", background.rate.bits_per_second}};
  if (background.opposite) j["opposite"] = true;
}
void from_json(const json& j, Background& background) {
  background.sender = parsed(j.at("sender"), parse_background_sender, "background sender");
  j.at("streams").get_to(background.streams);
  j.at("object").get_to(background.object);
  j.at("every_seconds").get_to(background.every_seconds);
  j.at("bits_per_second").get_to(background.rate.bits_per_second);
  background.opposite = j.value("opposite", false);
}

// What a later version added to a flow is written where there is something to say, and read where it is there.
void to_json(json& j, const Flow& flow) {
  j = {{"name", flow.name},     {"from", flow.from}, {"to", flow.to},
       {"family", flow.family}, {"df", flow.df},     {"streams", flow.streams}};
  if (flow.background != Background()) j["background"] = flow.background;
  if (flow.sender_connects) j["sender_connects"] = true;
  if (flow.connect) j["connect"] = to_string(*flow.connect);
}
void from_json(const json& j, Flow& flow) {
  j.at("name").get_to(flow.name);
  j.at("from").get_to(flow.from);
  j.at("to").get_to(flow.to);
  j.at("family").get_to(flow.family);
  j.at("df").get_to(flow.df);
  j.at("streams").get_to(flow.streams);
  if (j.contains("background")) j.at("background").get_to(flow.background);
  flow.sender_connects = j.value("sender_connects", false);
  if (j.contains("connect")) flow.connect = parsed(j.at("connect"), parse_endpoint, "address and port");
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Hop, router, ingress, egress)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NicRef, node, network)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WantedFeature, nic, feature, on)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GuestFile, name, path)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WantedValue, node, file, value)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NicIntent, nic, device, mtu)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CapturePoint, id, node, side)

// What a later version added is written where there is something to say, and read where it is there.
void to_json(json& j, const HopIntent& intent) {
  j = {{"hop", intent.hop},
       {"forwards", intent.forwards},
       {"ingress_tap", intent.ingress_tap},
       {"egress_tap", intent.egress_tap},
       {"ingress", intent.ingress},
       {"egress", intent.egress},
       {"ingress_mtu", intent.ingress_mtu},
       {"egress_mtu", intent.egress_mtu},
       {"ingress_lro", intent.ingress_lro},
       {"needs_merging", intent.needs_merging},
       {"addresses", intent.addresses},
       {"wire", intent.wire}};
  if (intent.returned) j["returned"] = intent.returned;
}
void from_json(const json& j, HopIntent& intent) {
  j.at("hop").get_to(intent.hop);
  j.at("forwards").get_to(intent.forwards);
  j.at("ingress_tap").get_to(intent.ingress_tap);
  j.at("egress_tap").get_to(intent.egress_tap);
  j.at("ingress").get_to(intent.ingress);
  j.at("egress").get_to(intent.egress);
  j.at("ingress_mtu").get_to(intent.ingress_mtu);
  j.at("egress_mtu").get_to(intent.egress_mtu);
  j.at("ingress_lro").get_to(intent.ingress_lro);
  j.at("needs_merging").get_to(intent.needs_merging);
  j.at("addresses").get_to(intent.addresses);
  j.at("wire").get_to(intent.wire);
  if (j.contains("returned")) j.at("returned").get_to(intent.returned);
}

// A mode as two keys, since there was one for merging alone.
void write_mode(json& j, const char* merging, StageMode mode) {
  j[merging] = mode == StageMode::merge;
  if (mode == StageMode::split) j["splitting"] = true;
}
StageMode read_mode(const json& j, const char* merging) {
  if (j.at(merging).get<bool>()) return StageMode::merge;
  return j.value("splitting", false) ? StageMode::split : StageMode::pass;
}

void to_json(json& j, const StageIntent& stage) {
  j = {{"wire_port", stage.wire_port}, {"router_port", stage.router_port}};
  write_mode(j, "merging", stage.mode);
}
void from_json(const json& j, StageIntent& stage) {
  j.at("wire_port").get_to(stage.wire_port);
  j.at("router_port").get_to(stage.router_port);
  stage.mode = read_mode(j, "merging");
}
// Limits that older recordings do not have are what they are by default.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Limits, coverage, forwarding_loss, amplification, retransmits,
                                                reordering, liveness_seconds, any_ttl, any_dscp, strict)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Observability, captures, tap_states, samples, guest_counters)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LegIntent, flow, source, destination, destination_pool, port, hops, features, values,
                                   nics, taps, lro_families, limits, stages, routers, observable, duration_seconds,
                                   warmup_seconds, early_stop, throughput_floor, integrity_bytes)

void to_json(json& j, const MeasureOptions& options) {
  j = {{"duration_seconds", options.duration_seconds},
       {"warmup_seconds", options.warmup_seconds},
       {"early_stop", options.early_stop},
       {"rounds", options.rounds},
       {"integrity_bytes", options.integrity_bytes},
       {"capture_limit", options.capture_limit},
       {"snap_length", options.snap_length},
       {"throughput_floor", options.throughput_floor}};
  const MeasureOptions usual;
  if (options.max_rate != usual.max_rate) j["max_rate"] = options.max_rate.bits_per_second;
  if (options.max_bytes != usual.max_bytes) j["max_bytes"] = options.max_bytes;
  if (options.max_seconds != usual.max_seconds) j["max_seconds"] = options.max_seconds;
  if (!options.reference) return;
  j["reference"] = true;
  j["reference_floor"] = options.reference_floor;
}
void from_json(const json& j, MeasureOptions& options) {
  j.at("duration_seconds").get_to(options.duration_seconds);
  j.at("warmup_seconds").get_to(options.warmup_seconds);
  j.at("early_stop").get_to(options.early_stop);
  j.at("rounds").get_to(options.rounds);
  j.at("integrity_bytes").get_to(options.integrity_bytes);
  j.at("capture_limit").get_to(options.capture_limit);
  j.at("snap_length").get_to(options.snap_length);
  j.at("throughput_floor").get_to(options.throughput_floor);
  options.reference = j.value("reference", false);
  options.reference_floor = j.value("reference_floor", options.reference_floor);
  options.max_rate.bits_per_second = j.value("max_rate", options.max_rate.bits_per_second);
  options.max_bytes = j.value("max_bytes", options.max_bytes);
  options.max_seconds = j.value("max_seconds", options.max_seconds);
}

void to_json(json& j, const NicPlan& nic) {
  j = {{"network", nic.network},
       {"device", nic.device},
       {"tap", nic.tap},
       {"mac", nic.mac},
       {"model", nic.model},
       {"bridge", nic.bridge},
       {"host_offloads", nic.host_offloads},
       {"guest_offloads", nic.guest_offloads}};
  if (!nic.also.empty()) j["also"] = nic.also;
  if (nic.queues != 1) j["queues"] = nic.queues;
  if (nic.own) j["own"] = true;
  if (nic.slot) j["slot"] = *nic.slot;
  if (nic.capture)
    j["capture"] = {{"host", machine_login_to_json(nic.capture->host)}, {"interface", nic.capture->interface}};
  if (nic.capture && nic.capture->is_esxi) j["capture"]["system"] = "esxi";
}
void from_json(const json& j, NicPlan& nic) {
  j.at("network").get_to(nic.network);
  j.at("device").get_to(nic.device);
  j.at("tap").get_to(nic.tap);
  j.at("mac").get_to(nic.mac);
  j.at("model").get_to(nic.model);
  j.at("bridge").get_to(nic.bridge);
  j.at("host_offloads").get_to(nic.host_offloads);
  j.at("guest_offloads").get_to(nic.guest_offloads);
  if (j.contains("also")) j.at("also").get_to(nic.also);
  nic.queues = j.value("queues", 1U);
  nic.own = j.value("own", false);
  if (j.contains("slot")) nic.slot = j.at("slot").get<unsigned>();
  if (j.contains("capture"))
    nic.capture =
        CaptureHost{machine_login_from_json(j.at("capture").at("host")),
                    j.at("capture").at("interface").get<std::string>(), j.at("capture").value("system", "") == "esxi"};
}

void to_json(json& j, const Switched& switched) {
  j = {{"offloads", switched.offloads}, {"mtus", switched.mtus}, {"files", switched.files}};
}
void from_json(const json& j, Switched& switched) {
  j.at("offloads").get_to(switched.offloads);
  j.at("mtus").get_to(switched.mtus);
  j.at("files").get_to(switched.files);
}

void to_json(json& j, const GuestState::Nic& nic) {
  j = {{"device", nic.device}, {"mac", nic.mac}, {"mtu", nic.mtu}, {"addresses", nic.addresses}};
}
void from_json(const json& j, GuestState::Nic& nic) {
  j.at("device").get_to(nic.device);
  j.at("mac").get_to(nic.mac);
  j.at("mtu").get_to(nic.mtu);
  j.at("addresses").get_to(nic.addresses);
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GuestState, nics, forwards_ipv4, forwards_ipv6)

void to_json(json& j, const NodePlan& node) {
  j = {{"name", node.name},
       {"image", node.image},
       {"kernel", node.kernel},
       {"vcpus", node.vcpus},
       {"memory_mib", node.memory_mib},
       {"device_under_test", node.device_under_test},
       {"management_mac", node.management_mac},
       {"nics", node.nics},
       {"addresses", node.addresses}};
  if (!node.netns.empty()) j["netns"] = node.netns;
  if (node.disk) j["disk"] = disk_image_to_json(*node.disk);
  if (!node.expected.nics.empty()) j["expected"] = node.expected;
  if (node.existing) j["existing"] = machine_login_to_json(*node.existing);
  if (!is_empty(node.switched)) j["switched"] = node.switched;
}
void from_json(const json& j, NodePlan& node) {
  j.at("name").get_to(node.name);
  j.at("image").get_to(node.image);
  j.at("kernel").get_to(node.kernel);
  j.at("vcpus").get_to(node.vcpus);
  j.at("memory_mib").get_to(node.memory_mib);
  j.at("device_under_test").get_to(node.device_under_test);
  j.at("management_mac").get_to(node.management_mac);
  j.at("nics").get_to(node.nics);
  j.at("addresses").get_to(node.addresses);
  node.netns = j.value("netns", std::string());
  if (j.contains("disk")) node.disk = disk_image_from_json(j.at("disk"));
  if (j.contains("expected")) j.at("expected").get_to(node.expected);
  if (j.contains("existing")) node.existing = machine_login_from_json(j.at("existing"));
  if (j.contains("switched")) j.at("switched").get_to(node.switched);
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BridgePlan, name, mtu)
void to_json(json& j, const StagePlan& stage) {
  j = {{"node", stage.node},
       {"network", stage.network},
       {"wire_port", stage.wire_port},
       {"router_port", stage.router_port},
       {"router_bridge", stage.router_bridge}};
  if (stage.wire_bridge != stage.network) j["wire_bridge"] = stage.wire_bridge;
}
void from_json(const json& j, StagePlan& stage) {
  j.at("node").get_to(stage.node);
  j.at("network").get_to(stage.network);
  j.at("wire_port").get_to(stage.wire_port);
  j.at("router_port").get_to(stage.router_port);
  j.at("router_bridge").get_to(stage.router_bridge);
  stage.wire_bridge = j.value("wire_bridge", stage.network);
}

namespace step {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RunCommands, node, purpose, commands)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SetValue, file, value)
void to_json(json& j, const NodeSettings& node) {
  j = {{"node", node.node}, {"commands", node.commands}, {"features", node.features}, {"values", node.values}};
  if (node.system != SystemKind::gnu_linux) j["system"] = to_string(node.system);
}
void from_json(const json& j, NodeSettings& node) {
  j.at("node").get_to(node.node);
  j.at("commands").get_to(node.commands);
  j.at("features").get_to(node.features);
  j.at("values").get_to(node.values);
  if (j.contains("system")) node.system = parsed(j.at("system"), parse_system_kind, "system");
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ApplySettings, nodes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CheckPath, node, target)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ForceTap, tap, lro, families)
void to_json(json& j, const SetMerging& stage) {
  j = {{"wire_port", stage.wire_port}, {"router_port", stage.router_port}};
  write_mode(j, "on", stage.mode);
}
void from_json(const json& j, SetMerging& stage) {
  j.at("wire_port").get_to(stage.wire_port);
  j.at("router_port").get_to(stage.router_port);
  stage.mode = read_mode(j, "on");
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CaptureTarget, point, interface, description)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StartCapture, targets, limit, snap_length)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TakeSnapshot, moment, guests, taps)
void to_json(json& j, const Transfer& transfer) {
  j = {{"sender", transfer.sender},
       {"receiver", transfer.receiver},
       {"sender_connects", transfer.sender_connects},
       {"address", transfer.address},
       {"port", transfer.port},
       {"listening_port", transfer.listening_port},
       {"streams", transfer.streams},
       {"warmup_seconds", transfer.warmup_seconds},
       {"duration_seconds", transfer.duration_seconds},
       {"sampled_taps", transfer.sampled_taps}};
  if (transfer.starts_listener) j["starts_listener"] = true;
  if (transfer.rate) j["rate"] = transfer.rate->bits_per_second;
}
// In older recordings the receiver connects.
void from_json(const json& j, Transfer& transfer) {
  const Transfer otherwise;
  transfer.sender = j.value("sender", otherwise.sender);
  transfer.receiver = j.value("receiver", otherwise.receiver);
  transfer.sender_connects = j.value("sender_connects", otherwise.sender_connects);
  transfer.address = j.value("address", otherwise.address);
  transfer.port = j.value("port", otherwise.port);
  transfer.listening_port = j.value("listening_port", otherwise.listening_port);
  transfer.streams = j.value("streams", otherwise.streams);
  transfer.warmup_seconds = j.value("warmup_seconds", otherwise.warmup_seconds);
  transfer.duration_seconds = j.value("duration_seconds", otherwise.duration_seconds);
  transfer.sampled_taps = j.value("sampled_taps", otherwise.sampled_taps);
  transfer.starts_listener = j.value("starts_listener", false);
  if (j.contains("rate")) transfer.rate = BitRate{j.at("rate").get<double>()};
}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(CheckStream, sender, receiver, sender_connects, address, port,
                                                listening_port, bytes)
void to_json(json& j, const StartBackground& load) {
  j = {{"sender", load.sender},
       {"receiver", load.receiver},
       {"send", load.send},
       {"receive", load.receive},
       {"seconds", load.seconds}};
  if (load.sender_connects) j["sender_connects"] = true;
  if (!load.is_iperf3) return;
  j["iperf3_port"] = load.port;
  j["iperf3_listening_port"] = load.listening_port;
}
void from_json(const json& j, StartBackground& load) {
  j.at("sender").get_to(load.sender);
  j.at("receiver").get_to(load.receiver);
  j.at("send").get_to(load.send);
  j.at("receive").get_to(load.receive);
  j.at("seconds").get_to(load.seconds);
  load.sender_connects = j.value("sender_connects", false);
  load.is_iperf3 = j.contains("iperf3_port");
  if (!load.is_iperf3) return;
  j.at("iperf3_port").get_to(load.port);
  j.at("iperf3_listening_port").get_to(load.listening_port);
}
void to_json(json& j, const ReleaseTaps&) {
  j = json::object();
}
void from_json(const json&, ReleaseTaps&) {}
void to_json(json& j, const StopCapture&) {
  j = json::object();
}
void from_json(const json&, StopCapture&) {}
void to_json(json& j, const StopBackground&) {
  j = json::object();
}
void from_json(const json&, StopBackground&) {}
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JoinEnds, tap, bridge, home, join, part)
void to_json(json& j, const PartEnds&) {
  j = json::object();
}
void from_json(const json&, PartEnds&) {}

}  // namespace step

namespace {

// In the order of the variant's alternatives.
constexpr const char* step_words[] = {"run-commands",    "apply-settings", "check-path",    "set-merging",
                                      "force-tap",       "release-taps",   "start-capture", "stop-capture",
                                      "take-snapshot",   "transfer",       "check-stream",  "start-background",
                                      "stop-background", "join-ends",      "part-ends"};
static_assert(std::variant_size_v<Step> == std::size(step_words));

template <std::size_t... index>
Step step_of(const std::string& word, const json& j, std::index_sequence<index...>) {
  std::optional<Step> found;
  ((word == step_words[index] ? void(found = j.get<std::variant_alternative_t<index, Step>>()) : void()), ...);
  if (!found) throw Error(fmt::format("'{}' is no step of a plan", word));
  return *found;
}

json steps_to_json(const std::vector<Step>& steps) {
  json list = json::array();
  for (const Step& step : steps) {
    json one = std::visit([](const auto& value) { return json(value); }, step);
    one["step"] = step_words[step.index()];
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<Step> steps_from_json(const json& list) {
  std::vector<Step> steps;
  for (const json& one : list)
    steps.push_back(step_of(one.at("step"), one, std::make_index_sequence<std::variant_size_v<Step>>()));
  return steps;
}

LegRole role_from_json(const json& j) {
  for (const LegRole role : {LegRole::control, LegRole::measured, LegRole::reference})
    if (j == to_string(role)) return role;
  throw Error(fmt::format("'{}' is no role of a leg", j.dump()));
}

json case_to_json(const CasePlan& plan) {
  json legs = json::array();
  for (const LegPlan& leg : plan.legs) {
    legs.push_back({{"role", to_string(leg.role)},
                    {"round", leg.round},
                    {"intent", leg.intent},
                    {"steps", steps_to_json(leg.steps)}});
    if (leg.intent.uplink_rate) legs.back()["uplink_bps"] = leg.intent.uplink_rate->bits_per_second;
    if (leg.intent.host_lro) legs.back()["host_lro"] = *leg.intent.host_lro;
  }
  json one = {{"id", plan.id}, {"folder", plan.folder}, {"axes", plan.axes}, {"expect", plan.expect}, {"legs", legs}};
  if (!plan.digest.empty()) one["digest"] = plan.digest;
  return one;
}

CasePlan case_from_json(const json& j) {
  CasePlan plan;
  j.at("id").get_to(plan.id);
  j.at("folder").get_to(plan.folder);
  j.at("axes").get_to(plan.axes);
  j.at("expect").get_to(plan.expect);
  plan.digest = j.value("digest", std::string());
  for (const json& leg : j.at("legs")) {
    plan.legs.push_back({role_from_json(leg.at("role")), leg.at("intent").get<LegIntent>(),
                         steps_from_json(leg.at("steps")), leg.at("round").get<unsigned>()});
    // Not in older recordings.
    if (leg.contains("uplink_bps")) plan.legs.back().intent.uplink_rate = BitRate{leg.at("uplink_bps").get<double>()};
    if (leg.contains("host_lro")) plan.legs.back().intent.host_lro = leg.at("host_lro").get<bool>();
  }
  return plan;
}

template <typename Read>
auto reading_plan(Read read) {
  try {
    return read();
  } catch (const json::exception& error) {
    throw Error(fmt::format("not a plan that this offlab understands: {}", error.what()));
  }
}

constexpr const char* schema = "offlab.plan/4";
constexpr const char* earlier_schema = "offlab.plan/3";

// The document as this version words it.
json current(json document) {
  if (document.at("schema") == earlier_schema)
    upgrade_plan_3(document);
  else if (document.at("schema") != schema)
    throw Error(fmt::format("plan has schema {}, not {}", document.at("schema").dump(), schema));
  return document;
}

}  // namespace

json lab_plan_to_json(const LabPlan& lab) {
  json cases = json::array();
  for (const CasePlan& plan : lab.cases) cases.push_back(case_to_json(plan));
  json document = {{"name", lab.name},       {"observable", lab.observable},
                   {"bridges", lab.bridges}, {"stages", lab.stages},
                   {"nodes", lab.nodes},     {"configuration", steps_to_json(lab.configuration)},
                   {"cases", cases}};
  if (lab.host_lro) document["host_lro"] = host_lro_to_json(*lab.host_lro);
  return document;
}

LabPlan lab_plan_from_json(const json& document) {
  return reading_plan([&] {
    LabPlan lab;
    document.at("name").get_to(lab.name);
    document.at("observable").get_to(lab.observable);
    document.at("bridges").get_to(lab.bridges);
    document.at("stages").get_to(lab.stages);
    document.at("nodes").get_to(lab.nodes);
    lab.configuration = steps_from_json(document.at("configuration"));
    if (document.contains("host_lro")) lab.host_lro = host_lro_from_json(document.at("host_lro"));
    for (const json& one : document.at("cases")) lab.cases.push_back(case_from_json(one));
    return lab;
  });
}

json plan_to_json(const RunPlan& plan) {
  json labs = json::array();
  for (const LabPlan& lab : plan.labs) labs.push_back(lab_plan_to_json(lab));
  json document = {
      {"schema", schema},        {"name", plan.name},
      {"summary", plan.summary}, {"question", plan.question == Question::healthy ? "healthy" : "as-expected"},
      {"measure", plan.measure}, {"labs", labs}};
  if (!plan.digest.empty()) document["digest"] = plan.digest;
  return document;
}

RunPlan plan_from_json(const json& document) {
  return reading_plan([&] {
    const json j = current(document);
    RunPlan plan;
    j.at("name").get_to(plan.name);
    j.at("summary").get_to(plan.summary);
    const std::string question = j.at("question");
    if (question != "healthy" && question != "as-expected") throw Error(fmt::format("'{}' is no question", question));
    plan.question = question == "healthy" ? Question::healthy : Question::as_expected;
    plan.digest = j.value("digest", std::string());
    j.at("measure").get_to(plan.measure);
    for (const json& lab : j.at("labs")) plan.labs.push_back(lab_plan_from_json(lab));
    return plan;
  });
}

}  // namespace offlab
