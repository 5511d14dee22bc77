#include "bundle/make_bundle.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/json.h"
#include "base/new_file.h"
#include "base/read_file.h"
#include "base/usage_error.h"
#include "base/version.h"
#include "bundle/anonymous_capture.h"
#include "bundle/bundle_folder.h"
#include "bundle/capture_slice.h"
#include "bundle/expected.h"
#include "bundle/image_files.h"
#include "bundle/imitation.h"
#include "bundle/lab_steps.h"
#include "bundle/parts.h"
#include "config/parse_scenario.h"
#include "config/resolved_file.h"
#include "measure/sections.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "record/clean_json.h"
#include "record/run_folder.h"
#include "record/run_json.h"
#include "runner/capture_answer.h"
#include "runner/case_profile.h"
#include "runner/run_matrix.h"
#include "session/image_recipes.h"
#include "session/scenario_file.h"
#include "verdict/diagnosis.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Facts that tell nobody which host or whose it was.
const std::set<std::string>& told_of_host() {
  static const std::set<std::string> names = {"accel", "cpus", "kernel", "qemu", "libvirt", "offlab"};
  return names;
}

std::string file_word(const std::string& text) {
  std::string word;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
    if (plain)
      word += c;
    else if (!word.empty() && word.back() != '-')
      word += '-';
  }
  constexpr std::size_t longest = 60;
  word = word.substr(0, longest);
  while (!word.empty() && (word.back() == '-' || word.back() == '.')) word.pop_back();
  return word.empty() ? "case" : word;
}

// The name of a case in a topology file.
std::string case_name(const std::string& id) {
  std::string name;
  for (const char c : file_word(id)) name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

// One case of a run, with all that its folder has of it.
struct RecordedCase {
  RunFolder folder;
  RunPlan plan;
  RunResult run;
  CaseResult result;
  const LabPlan* lab = nullptr;
  CasePlan planned;  // the attempt that was judged
  unsigned round = 1;
};

const CaseResult& chosen_case(const RunResult& run, const std::string& id, const fs::path& folder) {
  for (const CaseResult& one : run.cases)
    if (id.empty() ? one.forwarding == Outcome::fail && one.recorded == Recorded::recorded : one.id == id) return one;
  std::string known;
  for (const CaseResult& one : run.cases) known += "\n    " + clean_line(one.id);
  throw UsageError(
      id.empty() ? fmt::format("error: {} has no case that shows a fault; name one of:{}\n", folder.string(), known)
                 : fmt::format("error: {} has no case '{}'; it has:{}\n", folder.string(), clean_line(id), known));
}

RecordedCase recorded_case_of(const fs::path& path, const std::string& id) {
  RecordedCase one{.folder = as_usage([&] { return RunFolder::open(path); }),
                   .plan = {},
                   .run = {.outcome = Outcome::error, .name = {}},
                   .result = {.id = {}, .outcome = Outcome::error, .forwarding = Outcome::error},
                   .planned = {}};
  one.plan = one.folder.read_plan();
  one.run =
      one.folder.has("run.json") ? run_from_json(one.folder.read_text("run.json")) : judge_run(one.plan, one.folder);
  one.result = chosen_case(one.run, id, path);
  if (one.result.recorded != Recorded::recorded || !one.result.fault_class)
    throw UsageError(fmt::format("error: nothing was judged in the case '{}': {}\n", clean_line(one.result.id),
                                 clean_line(one.result.reason)));
  for (const LabPlan& lab : one.plan.labs)
    for (const CasePlan& planned : lab.cases)
      if (planned.id == one.result.id) {
        one.lab = &lab;
        one.planned = attempt_of(planned, one.result.attempts);
      }
  if (one.lab == nullptr) throw Error(fmt::format("plan.json has no case '{}'", one.result.id));
  for (const LegPlan& leg : one.planned.legs)
    if (RunFolder::leg_folder(one.planned, leg.role, leg.round) == one.result.leg) one.round = leg.round;
  return one;
}

const LegPlan& leg_of(const CasePlan& one, LegRole role, unsigned round) {
  for (const LegPlan& leg : one.legs)
    if (leg.role == role && leg.round == round) return leg;
  throw Error(fmt::format("plan.json: the case '{}' has no {} of round {}", one.id, to_string(role), round));
}

std::map<std::string, std::string> told(const std::map<std::string, std::string>& host) {
  std::map<std::string, std::string> some;
  for (const auto& [name, value] : host)
    if (told_of_host().count(name) > 0) some.emplace(name, value);
  return some;
}

std::string environment_text(const BundleFacts& facts, const std::map<std::string, std::string>& packages) {
  const nlohmann::ordered_json document = {{"host", facts.host}, {"image", facts.image}, {"packages", packages}};
  return clean_json(document).dump(1) + "\n";
}

// topology.toml and, where plain QEMU can run it, reproduce.sh and what that needs.
class LabWriter {
 public:
  LabWriter(BundleFolder& folder, BundleFacts& facts, const std::map<std::string, std::string>& packages)
      : folder_(folder), facts_(facts), packages_(packages) {}

  // `recipes`: of images that the file names by a path of the bundle, by that path.
  void write(const std::string& topology, const std::map<std::string, std::string>& recipes) {
    folder_.write("topology.toml", topology);
    const ParsedScenario parsed = parse_scenario(topology, "topology.toml");
    if (!parsed.scenario) throw Error(fmt::format("the bundle's topology file has mistakes: {}", first_of(parsed)));
    const RunPlan plan = make_plan(*parsed.scenario, expand_matrix(*parsed.scenario, {}).cases, Question::as_expected);
    const LabPlan& lab = plan.labs.at(0);
    facts_.why_no_script = trouble_with_steps(lab, lab.cases.at(0));
    for (const NodePlan& node : lab.nodes) write_image(node, recipes);
    if (!facts_.why_no_script.empty()) return;
    folder_.write("lab/steps.sh", lab_steps(lab, lab.cases.at(0)));
    folder_.write("lab/lab_tool.py", parts::tool);
    folder_.write("reproduce.sh", parts::reproduce, true);
  }

 private:
  static std::string first_of(const ParsedScenario& parsed) {
    return parsed.diagnostics.empty() ? "none is told" : parsed.diagnostics.front().message;
  }

  void write_image(const NodePlan& node, const std::map<std::string, std::string>& recipes) {
    const std::string folder = fmt::format("image/{}", image_folder(node));
    if (!written_.insert(folder).second) return;
    const auto original = recipes.find(node.image);
    const std::string kernel = node.kernel.empty() ? "" : "@" + node.kernel;
    const ImageRecipe recipe = load_image_recipe((original == recipes.end() ? node.image : original->second) + kernel);
    const auto of_image = [&](const char* what) {
      for (const std::string& key : {recipe.key + "." + what, std::string(what)})
        if (const auto found = facts_.image.find(key); found != facts_.image.end()) return found->second;
      return std::string();
    };
    for (const auto& [name, text] : image_files(recipe, {of_image("kernel"), of_image("digest"), packages_}))
      folder_.write(fmt::format("{}/{}", folder, name), text);
    folder_.write(fmt::format("{}/build.sh", folder), parts::build, true);
  }

  BundleFolder& folder_;
  BundleFacts& facts_;
  const std::map<std::string, std::string>& packages_;
  std::set<std::string> written_;
};

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

fs::path place_of(const BundleOptions& options, const std::string& name) {
  fs::path place = options.out.empty() ? fs::path(name + ".bundle") : fs::path(options.out);
  std::error_code none;
  if (fs::exists(place, none))
    throw UsageError(
        fmt::format("error: {} is there already\n  remedy: name another place with --out\n", place.string()));
  return place;
}

fs::path mapping_of(const BundleOptions& options, const fs::path& place) {
  return options.mapping.empty() ? fs::path(place.string() + ".mapping.json") : fs::path(options.mapping);
}

// The hop at fault, or the first.
const HopIntent& hop_of(const LegIntent& intent, const std::string& device) {
  for (const HopIntent& hop : intent.hops)
    if (device_name(hop) == device) return hop;
  return intent.hops.at(0);
}

// What is shown of machines whose names are nobody's business: by what they are in the flow.
std::string role_word(const LegIntent& intent, const std::string& node) {
  if (node == intent.flow.from) return "sender";
  if (node == intent.flow.to) return "receiver";
  for (std::size_t i = 0; i < intent.hops.size(); ++i)
    if (intent.hops[i].hop.router == node) return i == 0 ? "router" : fmt::format("router-{}", i + 1);
  return "";
}

std::string words_of_mac(const MacAddress& mac) {
  return fmt::format("{:02x}", fmt::join(mac, ":"));
}

std::string mapping_text(const AddressMapping& mapping) {
  nlohmann::ordered_json document = {{"schema", "offlab.mapping/1"},
                                     {"addresses", nlohmann::ordered_json::object()},
                                     {"macs", nlohmann::ordered_json::object()}};
  for (const auto& [original, made] : mapping.addresses) document["addresses"][to_string(original)] = to_string(made);
  for (const auto& [original, made] : mapping.macs) document["macs"][words_of_mac(original)] = words_of_mac(made);
  return document.dump(1) + "\n";
}

// What a bundle is made of, whatever it is about.
class Bundler {
 public:
  Bundler(const std::string& name, const BundleOptions& options) : place_(place_of(options, name)), folder_(place_) {
    made_.place = place_;
    made_.facts.name = name;
    made_.facts.anonymised = options.anonymise;
    if (options.anonymise) made_.mapping = mapping_of(options, place_);
  }

  BundleFacts& facts() { return made_.facts; }
  BundleFolder& folder() { return folder_; }

  // The part of the captures that matters, judged as it is in the bundle.
  JudgedCaptures add_captures(const ForeignEvidence& evidence, const AssumedRouter& router, const CaptureNames& names) {
    const JudgedEvidence original = judge_evidence(evidence, router);
    const fs::path folder = folder_.path() / "captures";
    if (!made_.facts.anonymised) {
      const CaptureSlice slice = slice_captures(original, router, folder, names);
      tell(slice);
      for (const SlicedCapture& one : slice.captures) add_capture(one.file);
      return slice.made.judged;
    }
    const CaptureSlice slice = slice_captures(original, router, folder_.scratch());
    tell(slice);
    AnonymousAddresses addresses(random_key());
    const AnonymousCaptures made = anonymise_captures(slice.made, router, addresses, folder, {}, CaptureTimes::shifted);
    for (const AnonymousCapture& one : made.captures) add_capture(one.file);
    mapping_ = mapping_text(addresses.mapping());
    return made.made.judged;
  }

  void add_lab(const std::string& topology, const std::map<std::string, std::string>& recipes,
               const std::map<std::string, std::string>& packages) {
    LabWriter(folder_, made_.facts, packages).write(topology, recipes);
  }
  void imitate(const SeenRouter& router) {
    made_.facts.why_no_lab = trouble_with_imitation(router.fault_class);
    made_.facts.imitates = made_.facts.why_no_lab.empty();
    if (made_.facts.imitates) add_lab(imitation_file(router), {}, {});
  }

  MadeBundle finish(Expected expected, const std::map<std::string, std::string>& packages) {
    expected.name = made_.facts.name;
    expected.case_id = made_.facts.result.id;
    expected.fault_class = made_.facts.result.fault_class.value_or(FaultClass::unknown);
    expected.offlab = program_version();
    expected.has_lab = made_.facts.why_no_lab.empty();
    expected.imitates = made_.facts.imitates;
    expected.anonymised = made_.facts.anonymised;
    folder_.write("expected.json", expected_json(expected));
    folder_.write("environment.json", environment_text(made_.facts, packages));
    folder_.write("README.md", bundle_explanation(made_.facts));
    if (!made_.mapping.empty()) write_mapping();
    const BundleFolder::Size size = folder_.finish();
    made_.files = size.files;
    made_.bytes = size.bytes;
    return std::move(made_);
  }

 private:
  void add_capture(const fs::path& file) { made_.facts.captures.push_back("captures/" + file.filename().string()); }

  void tell(const CaptureSlice& slice) {
    for (const SlicedCapture& one : slice.captures)
      made_.facts.capture_notes.push_back(
          slice.is_whole ? fmt::format("all {} frames", one.all_frames)
                         : fmt::format("the first {} of {} frames ({:.3f} s): judged as all of them are", one.frames,
                                       one.all_frames, slice.seconds));
  }

  // Nobody but its owner may read it.
  void write_mapping() const {
    NewFile file(made_.mapping.has_parent_path() ? made_.mapping.parent_path() : fs::path("."),
                 made_.mapping.filename());
    file.write(mapping_);
    file.take_its_place();
    fs::permissions(made_.mapping, fs::perms::owner_read | fs::perms::owner_write);
  }

  fs::path place_;
  BundleFolder folder_;
  MadeBundle made_;
  std::string mapping_;
};

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

// The captures of the leg that was judged, before the device at fault and behind it.
ForeignEvidence evidence_of(const RecordedCase& one, const LegIntent& intent, const HopIntent& hop,
                            const LegObservation& seen) {
  ForeignEvidence evidence{.first = {}, .sides_are_known = true};
  evidence.choice.port = intent.port;
  const auto file_of = [&](const std::optional<CapturePoint>& point) {
    std::vector<fs::path> files;
    for (const CaptureStatistics& capture : seen.captures)
      if (point && capture.point.id == point->id) files.push_back(one.folder.path() / one.result.leg / capture.file);
    return files;
  };
  evidence.first = file_of(hop.ingress);
  evidence.second = file_of(hop.egress);
  return evidence;
}

AssumedRouter assumed_router(const CaseResult& result, const HopIntent& hop) {
  return {.lro = result.measured ? result.measured->ingress_lro : std::nullopt,
          .ingress_mtu = hop.ingress_mtu.bytes,
          .egress_mtu = hop.egress_mtu.bytes};
}

std::vector<std::string> routers_on_path(const LegIntent& intent) {
  std::vector<std::string> nodes;
  for (const HopIntent& hop : intent.hops) nodes.push_back(hop.hop.router);
  return nodes;
}

// Without what names anything of the run: settings, machines, reasons. Findings are those of the anonymised captures.
CaseResult nameless(CaseResult result, const JudgedCaptures& captures) {
  result.id = "anonymised";
  result.axes.clear();
  result.reason.clear();
  result.device.clear();
  result.devices.clear();
  result.findings = captures.verdict.findings;
  if (result.diagnosis) {  // without the names of taps
    const auto layer = result.diagnosis->layer;
    result.diagnosis = diagnose(*result.fault_class);
    result.diagnosis->layer = layer;
  }
  return result;
}

// Only protocol counters, and machines by what they are.
LegObservation nameless(const LegObservation& seen, const LegIntent& intent) {
  LegObservation bare;
  for (const auto& [from, to] : {std::pair{&seen.before, &bare.before}, std::pair{&seen.after, &bare.after}})
    for (const auto& [node, text] : from->nodes) {
      const std::string role = role_word(intent, node);
      if (role.empty()) continue;
      std::string shown;
      for (const auto& [name, section] : parse_sections(text))
        if (name.rfind("/proc/net/", 0) == 0) shown += fmt::format("==> {} <==\n{}", name, section);
      to->nodes[role] = shown + "==> end <==\n";
    }
  return bare;
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
  const JudgedCaptures captures =
      bundler.add_captures(evidence_of(one, measured.intent, hop, in_case), assumed_router(one.result, hop),
                           {name_of(hop.ingress) + ".pcapng", name_of(hop.egress) + ".pcapng"});
  std::vector<std::string> routers = routers_on_path(measured.intent);
  std::vector<std::string> ends = {measured.intent.flow.from, measured.intent.flow.to};
  if (options.anonymise) {
    bundler.facts().result = nameless(one.result, captures);
    in_case = nameless(in_case, measured.intent);
    in_control = nameless(in_control, control.intent);
    for (std::string& node : routers) node = role_word(measured.intent, node);
    ends = {"sender", "receiver"};
  } else {
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
  const JudgedCaptures judged = bundler.add_captures(evidence, router, {});
  if (!judged.has_flow) throw Error("there is no TCP in the captures that could be judged");
  const CaptureAnswer answer = answer_of(judged, router);
  CaseResult& result = bundler.facts().result;
  result = {.id = "captures",
            .outcome = answer.outcome,
            .forwarding = answer.outcome,
            .findings = answer.findings,
            .measured = answer.measured};
  if (answer.classes.size() == 1) result.fault_class = answer.classes.front();
  if (!answer.diagnoses.empty()) result.diagnosis = answer.diagnoses.front().diagnosis;
  if (result.fault_class)
    bundler.imitate(seen_router(result, judged.intent, judged.intent.hops.at(0)));
  else
    bundler.facts().why_no_lab = "the captures do not tell which fault it is: " + answer.undecided;
  Expected expected;
  expected.counters = counters_of_class(result, judged.intent.flow.family == Family::ipv6);
  return bundler.finish(std::move(expected), {});
}

}  // namespace offlab
