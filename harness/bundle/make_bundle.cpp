#include "bundle/make_bundle.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/read_file.h"
#include "bundle/bundler.h"
#include "bundle/file_word.h"
#include "bundle/nameless.h"
#include "bundle/recorded_case.h"
#include "config/parse_scenario.h"
#include "config/resolved_file.h"
#include "measure/sections.h"
#include "runner/capture_answer.h"
#include "runner/case_profile.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Facts that tell nobody which host or whose it was.
const std::set<std::string>& told_of_host() {
  static const std::set<std::string> names = {"accel", "cpus", "kernel", "qemu", "libvirt", "offlab"};
  return names;
}

std::map<std::string, std::string> told(const std::map<std::string, std::string>& host) {
  std::map<std::string, std::string> some;
  for (const auto& [name, value] : host)
    if (told_of_host().count(name) > 0) some.emplace(name, value);
  return some;
}

// The files of the run, with the recipes that they name by paths in the bundle; those by their path there.
std::string resolved_topology(const RecordedCase& one, BundleFolder& folder,
                              std::map<std::string, std::string>& recipes) {
  std::vector<SourceFile> files;
  for (std::size_t i = 0; i == 0 || one.folder.has(fmt::format("topology.extended-{}.toml", i)); ++i) {
    const std::string name = i == 0 ? "topology.toml" : fmt::format("topology.extended-{}.toml", i);
    files.push_back({name, one.folder.read_text(name)});
  }
  std::map<std::string, std::string> images;
  for (const auto& [node, mention] : parse_scenario(files).recipes)
    for (const NodePlan& planned : one.lab->nodes)
      if (planned.name == node) {
        const std::string name = fs::path(planned.image).stem();
        const std::string path = fmt::format("./image/{0}/{0}.toml", name);
        if (!recipes.emplace(path, planned.image).second) continue;
        folder.write(path.substr(2), read_whole_file(planned.image));
        images[mention.path] = path;
      }
  return resolved_file(files,
                       {.name = case_name(one.result.id),
                        .summary = one.plan.summary,
                        .settings = one.result.axes,
                        .expect = std::string(to_string(*one.result.fault_class)),
                        .duration_seconds = one.plan.measure.duration_seconds,
                        .warmup_seconds = one.plan.measure.warmup_seconds},
                       images);
}

// Of the leg's own guests: protocol counters, offloads and NIC statistics. Kernel logs stay at home: what is in them
// nobody can foresee.
std::string shown_counters(const std::string& text) {
  std::string shown;
  for (const auto& [name, section] : parse_sections(text))
    if (name != "kernel log") shown += fmt::format("==> {} <==\n{}", clean_line(name), clean_text(section));
  return shown + "==> end <==\n";
}

void write_counters(BundleFolder& folder, const std::string& leg, const LegObservation& seen) {
  for (const auto& [moment, snapshot] : {std::pair{"before", &seen.before}, std::pair{"after", &seen.after}})
    for (const auto& [node, text] : snapshot->nodes)
      folder.write(fmt::format("counters/{}/{}/{}.txt", leg, moment, file_word(node)), shown_counters(text));
}

bool is_existing_lab(const LabPlan& lab) {
  return std::any_of(lab.nodes.begin(), lab.nodes.end(),
                     [](const NodePlan& node) { return node.existing.has_value() || node.disk.has_value(); });
}

// "router (under test): image debian-12, wan vmxnet3, lan vmxnet3"
std::vector<std::string> machines_of(const LabPlan& lab) {
  std::vector<std::string> machines;
  for (const NodePlan& node : lab.nodes) {
    std::string text = fmt::format("{}{}: image {}", node.name, node.device_under_test ? " (under test)" : "",
                                   fs::path(node.image).stem().string());
    if (!node.kernel.empty()) text += ", kernel " + node.kernel;
    for (const NicPlan& nic : node.nics) text += fmt::format(", {} {}", nic.network, to_string(nic.model));
    machines.push_back(std::move(text));
  }
  return machines;
}

SeenRouter seen_router(const CaseResult& result, const LegIntent& intent, const HopIntent& hop) {
  const LegMeasurements none;
  return router_seen_by(case_name(result.id), result.fault_class.value_or(FaultClass::unknown),
                        result.measured ? *result.measured : none, intent.flow.family == Family::ipv6, hop.ingress_mtu,
                        hop.egress_mtu);
}

// What an imitating lab's router should count, by what the captures have.
std::vector<ExpectedCounter> counters_of_class(const CaseResult& result, bool ipv6) {
  if (!result.measured || !result.measured->capture) return {};
  const CaptureMeasurements& seen = *result.measured->capture;
  std::vector<ExpectedCounter> counters;
  if (seen.bogus > 0) counters.push_back({"router", ipv6 ? "Ip6InTooBigErrors" : "Ip.FragFails", seen.bogus, 0, true});
  if (seen.egress_fragments > 0 && !ipv6)
    counters.push_back({"router", "Ip.FragCreates", seen.egress_fragments, 0, true});
  return counters;
}

std::vector<std::string> routers_on_path(const LegIntent& intent) {
  std::vector<std::string> nodes;
  for (const HopIntent& hop : intent.hops) nodes.push_back(hop.hop.router);
  return nodes;
}

}  // namespace

MadeBundle bundle_of_run(const fs::path& run, const std::string& case_id, const BundleOptions& options) {
  const RecordedCase one = recorded_case_of(run, case_id);
  const LegPlan& measured = leg_of(one.planned, LegRole::measured, one.round);
  const LegPlan& control = leg_of(one.planned, LegRole::control, one.round);
  LegObservation in_case = one.folder.read_leg(one.result.leg);
  LegObservation in_control = one.folder.read_leg(RunFolder::leg_folder(one.planned, LegRole::control, one.round));
  const HopIntent& hop = hop_of(measured.intent, one.result.device);
  const bool own_lab = !is_existing_lab(*one.lab) && !options.anonymise;

  Bundler bundler(options.anonymise ? "anonymised" : file_word(one.plan.name + "-" + one.result.id), options);
  bundler.facts().result = one.result;
  bundler.facts().host = told(one.run.host);
  bundler.facts().image = one.run.image;
  const BundledEvidence captures =
      bundler.add_captures(evidence_of(one, measured.intent, hop, in_case), assumed_router(one.result, hop),
                           {name_of(hop.ingress) + ".pcapng", name_of(hop.egress) + ".pcapng"});
  std::vector<std::string> routers = routers_on_path(measured.intent);
  std::vector<std::string> ends = {measured.intent.flow.from, measured.intent.flow.to};
  if (options.anonymise) {
    bundler.facts().result = nameless(one.result, captures.bundled);
    in_case = nameless(in_case, measured.intent);
    in_control = nameless(in_control, control.intent);
    for (std::string& node : routers) node = role_word(measured.intent, node);
    ends = {"sender", "receiver"};
  } else {
    bundler.facts().machines = machines_of(*one.lab);
    bundler.facts().settings = profile_case(one.result, *one.lab, one.planned, one.folder).settings;
  }
  if (own_lab) {
    std::map<std::string, std::string> recipes;
    const std::string topology = resolved_topology(one, bundler.folder(), recipes);
    bundler.add_lab(topology, recipes, one.run.packages);
  } else {
    bundler.imitate(seen_router(one.result, measured.intent, hop));
  }
  write_counters(bundler.folder(), "case", in_case);
  write_counters(bundler.folder(), "control", in_control);
  Expected expected{.warmup_seconds = one.plan.measure.warmup_seconds};
  if (one.result.measured) expected.case_goodput_bps = one.result.measured->goodput_bps;
  if (one.result.control) expected.control_goodput_bps = one.result.control->goodput_bps;
  expected.counters = own_lab ? grown_counters(in_case, in_control, routers, ends)
                              : counters_of_class(one.result, measured.intent.flow.family == Family::ipv6);
  return bundler.finish(std::move(expected), one.run.packages);
}

MadeBundle bundle_of_captures(const ForeignEvidence& evidence, const AssumedRouter& router,
                              const BundleOptions& options) {
  Bundler bundler("captures", options);
  bundler.facts().of_captures = true;
  const BundledEvidence made = bundler.add_captures(evidence, router, {});
  if (!made.bundled.has_flow) throw Error("there is no TCP in the captures that could be judged");
  const CaptureAnswer& answer = made.whole;
  CaseResult& result = bundler.facts().result;
  result = {.id = "captures",
            .outcome = answer.outcome,
            .forwarding = answer.outcome,
            .findings = answer.findings,
            .measured = answer.measured};
  if (answer.classes.size() == 1) result.fault_class = answer.classes.front();
  if (answer.diagnoses.size() == 1) result.diagnosis = answer.diagnoses.front().diagnosis;
  const LegIntent& intent = made.bundled.intent;
  if (result.fault_class)
    bundler.imitate(seen_router(result, intent, intent.hops.at(0)));
  else
    bundler.facts().why_no_lab = "the captures do not show which fault it is: " + answer.undecided;
  Expected expected;
  expected.counters = counters_of_class(result, intent.flow.family == Family::ipv6);
  return bundler.finish(std::move(expected), {});
}

}  // namespace offlab
