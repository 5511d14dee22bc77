#include "session/gate_session.h"

#include <algorithm>
#include <csignal>

#include <fmt/core.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "plan/make_plan.h"
#include "process/stop_signals.h"
#include "record/digests.h"
#include "record/gate_json.h"
#include "record/run_json.h"
#include "runner/run_case.h"
#include "session/html_reports.h"
#include "session/image_recipes.h"
#include "session/own_labs.h"
#include "setting/image_name.h"
#include "setting/setting.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr unsigned tries_of_a_pair = 2;

std::string id_of(std::size_t pair, Arm arm) {
  return fmt::format("pair-{:02}-{}", pair + 1, arm == Arm::baseline ? "baseline" : "candidate");
}

// Pairs of legs, in labs that stay up from one to the next.
class Pairs {
 public:
  Pairs(const LoadedScenario& loaded, const GateCase& one, const GateOptions& options, const fs::path& folder,
        RunListener& listener)
      : plan_(with_digests(plan_of(loaded.scenario, one, options))),
        folder_(RunFolder::create(folder)),
        signals_({SIGINT, SIGTERM, SIGHUP}),
        finder_(own_labs({.accelerator = options.accelerator, .cold = options.cold, .side_by_side = true})) {
    finder_->accept(plan_);
    folder_.write_plan(plan_);
    keep_files(loaded.files, folder_);
    place_ = finder_->prepare(plan_, folder_, listener, signals_.token());
    folder_.write_environment(place_.environment);
    sessions_.resize(plan_.labs.size());
    starts_.resize(plan_.labs.size(), 0);
  }

  GatePair measure(std::size_t number, bool baseline_first) {
    for (unsigned attempt = 1;; ++attempt) try {
        return measure_once(number, baseline_first, attempt);
      } catch (const Interrupted&) {
        throw;
      } catch (const Error&) {
        for (auto& session : sessions_) session.reset();
        if (attempt == tries_of_a_pair) throw;
      }
  }

 private:
  static RunPlan plan_of(Scenario scenario, const GateCase& one, const GateOptions& options) {
    scenario.measure.reference = options.reference;
    std::vector<Case> cases;
    for (std::size_t pair = 0; pair < options.limits.most_pairs; ++pair)
      for (const Arm arm : {Arm::baseline, Arm::candidate}) {
        cases.push_back(arm == Arm::baseline ? one.baseline : one.candidate);
        cases.back().id = id_of(pair, arm);
      }
    return make_plan_of_single_legs(scenario, cases);
  }

  GatePair measure_once(std::size_t number, bool baseline_first, unsigned attempt) {
    GatePair pair{.baseline_first = baseline_first, .baseline = {}, .candidate = {}};
    for (const Arm arm :
         {baseline_first ? Arm::baseline : Arm::candidate, baseline_first ? Arm::candidate : Arm::baseline})
      (arm == Arm::baseline ? pair.baseline : pair.candidate) = measure_arm(number, arm, attempt, pair.reference_bps);
    return pair;
  }

  ArmLeg measure_arm(std::size_t number, Arm arm, unsigned attempt, std::optional<double>& reference) {
    const std::string id = id_of(number, arm);
    for (std::size_t lab = 0; lab < plan_.labs.size(); ++lab)
      for (const CasePlan& one : plan_.labs[lab].cases)
        if (one.id == id) return measure_in(lab, attempt_of(one, attempt), reference);
    throw Error("the plan of the pairs has no " + id);
  }

  ArmLeg measure_in(std::size_t number, const CasePlan& one, std::optional<double>& reference) {
    auto& session = sessions_[number];
    if (!session || !session->usable()) {
      session.reset();
      LabPlan lab = plan_.labs[number];
      for (CasePlan& other : lab.cases)
        if (other.id == one.id) other = one;
      session = place_.labs.front()->start(lab, ++starts_[number]);
    }
    CaseRecord record = session->perform(one);
    record.lab = {plan_.labs[number].name, starts_[number]};
    folder_.write_case_record(one, record);
    if (record.recorded != Recorded::recorded) throw Error(record.reason);
    ArmLeg arm;
    for (const LegPlan& leg : one.legs) {
      const std::vector<LegMeasurements> devices = measure_recorded_leg(one, leg, folder_);
      const double goodput = devices.at(0).goodput_bps.value_or(0);
      if (goodput <= 0) throw Error(fmt::format("{}: nothing arrived that could be compared", one.id));
      (leg.role == LegRole::reference ? reference.emplace() : arm.goodput_bps) = goodput;
      if (leg.role != LegRole::reference) arm.cpu_seconds_per_gbit = cpu_of(devices);
    }
    return arm;
  }

  static std::optional<double> cpu_of(const std::vector<LegMeasurements>& devices) {
    double seconds = 0;
    for (const LegMeasurements& device : devices) {
      const auto one = cpu_seconds_per_gbit(device);
      if (!one) return std::nullopt;
      seconds += *one;
    }
    return seconds;
  }

  RunPlan plan_;
  RunFolder folder_;
  StopSignals signals_;
  std::unique_ptr<RunPlaceFinder> finder_;
  RunPlace place_;
  std::vector<std::unique_ptr<LabSession>> sessions_;  // of each lab of the plan
  std::vector<unsigned> starts_;
};

class OwnGateLabs : public GateLabs {
 public:
  OwnGateLabs(const LoadedScenario& loaded, const GateCase& one, const GateOptions& options, fs::path folder,
              RunListener& listener)
      : loaded_(loaded), one_(one), options_(options), folder_(std::move(folder)), listener_(listener) {}

  std::pair<CaseResult, CaseResult> judge_both() override {
    std::vector<CaseResult> both = judge({one_.baseline, one_.candidate}, "classes");
    return {std::move(both.at(0)), std::move(both.at(1))};
  }

  CaseResult judge_candidate_again() override { return std::move(judge({one_.candidate}, "again").at(0)); }

  GatePair measure_pair(std::size_t number, bool baseline_first) override {
    if (!pairs_) pairs_.emplace(loaded_, one_, options_, folder_ / "pairs", listener_);
    return pairs_->measure(number, baseline_first);
  }

 private:
  std::vector<CaseResult> judge(const std::vector<Case>& cases, const char* name) {
    const auto place = own_labs({.accelerator = options_.accelerator, .cold = options_.cold});
    const RunPlan plan = make_plan(loaded_.scenario, cases, Question::healthy, place->observable());
    SessionResult session = run_session(plan, loaded_.files, {.out = folder_ / name}, *place, listener_);
    if (session.interrupted) throw Interrupted();
    std::vector<CaseResult> results;
    for (const Case& one : cases)
      for (CaseResult& result : session.run.cases)
        if (result.id == one.id) results.push_back(std::move(result));
    return results;
  }

  const LoadedScenario& loaded_;
  const GateCase& one_;
  const GateOptions& options_;
  fs::path folder_;
  RunListener& listener_;
  std::optional<Pairs> pairs_;
};

// What a run recorded of its cases, as an arm of today.
class RecordedArms {
 public:
  explicit RecordedArms(const std::string& run)
      : run_(run),
        folder_(as_usage([&] { return RunFolder::open(run); })),
        plan_(as_usage([&] { return folder_.read_plan(); })),
        environment_(as_usage([&] { return folder_.read_environment(); })),
        kept_(load_kept_scenario(folder_, {})) {
    if (folder_.has("run.json"))
      for (const CaseResult& one : run_from_json(folder_.read_text("run.json")).cases)
        classes_[one.id] = one.fault_class ? std::string(to_string(*one.fault_class)) : std::string("no class");
  }

  Case arm(const std::string& id) const {
    for (const Case& one : kept_.cases)
      if (one.id == id) return with_images(one);
    throw UsageError(fmt::format("error: --baseline-run {}: that run's topology file has no case '{}'\n", run_, id));
  }

  // "the run 20261129-150000-demo (healthy then)"
  std::string words(const std::string& id) const {
    const auto known = classes_.find(id);
    return fmt::format("the run {}{}", fs::path(run_).lexically_normal().filename().string(),
                       known == classes_.end() ? "" : fmt::format(" ({} then)", known->second));
  }

 private:
  // Each node's image by its digest.
  Case with_images(Case one) const {
    for (const LabPlan& lab : plan_.labs)
      for (const CasePlan& planned : lab.cases) {
        if (planned.id != one.id) continue;
        for (const NodePlan& node : lab.nodes) find_node(one.topology, node.name)->image = image_then(node);
        return one;
      }
    throw UsageError(fmt::format("error: --baseline-run {}: that run did not have the case '{}'\n", run_, one.id));
  }

  std::string image_then(const NodePlan& node) const {
    auto name = parse_image_name(node.image);
    if (name && !name->digest.empty()) return node.image;
    const auto& image = environment_.image;
    auto digest = image.find("digest");  // of the only one
    if (digest == image.end()) digest = image.find(name_in_cache(node) + ".digest");
    if (!name || digest == image.end())
      throw UsageError(
          fmt::format("error: --baseline-run {}: it does not say which image {} booted\n", run_, node.name));
    name->digest = digest->second.substr(0, 16);
    return name->without_kernel();
  }

  // That of a recipe with a path is not its path; the run's account of it has both.
  std::string name_in_cache(const NodePlan& node) const {
    constexpr std::string_view recipe = ".recipe";
    const std::string kernel = node.kernel.empty() ? "" : "@" + node.kernel;
    for (const auto& [key, value] : environment_.image) {
      if (value != node.image || !key.ends_with(recipe)) continue;
      const std::string name = key.substr(0, key.size() - recipe.size());
      // Behind the name: "@KERNEL" and, of what was named by its digest, "#DIGEST".
      if (name.substr(std::min(name.find_first_of("@#"), name.size())) == kernel) return name;
    }
    return image_key(node);
  }

  std::string run_;
  RunFolder folder_;
  RunPlan plan_;
  Environment environment_;
  LoadedScenario kept_;
  std::map<std::string, std::string> classes_;
};

Case with_settings(Case one, const std::string& id, const SettingTexts& settings) {
  one.id = id;
  for (const SettingText& setting : settings) {
    if (const auto error = apply_setting(one.topology, setting))
      throw UsageError(fmt::format("error: --{} {}={}: {}{}\n", id, setting.first, setting.second, error->message,
                                   error->hint.empty() ? "" : " (" + error->hint + ")"));
    one.axes.push_back(setting);
  }
  // A path of the command line is one from here.
  for (Node& node : one.topology.nodes)
    if (ImageName{node.image, {}}.is_path()) node.image = load_image_recipe(node.image).key;
  return one;
}

}  // namespace

std::vector<GateCase> gate_cases(const LoadedScenario& loaded, const GateOptions& options) {
  const SettingTexts baseline = setting_list(options.baseline, "--baseline");
  const SettingTexts candidate = setting_list(options.candidate, "--candidate");
  if (candidate.empty() && options.baseline_run.empty())
    throw UsageError(
        "error: nothing says what the candidate is\n"
        "  remedy: --candidate KEY=VALUE for a change of settings, --baseline-run RUN for what a run had\n");
  std::optional<RecordedArms> recorded;
  if (!options.baseline_run.empty()) recorded.emplace(options.baseline_run);
  std::vector<GateCase> cases;
  for (const Case& one : loaded.cases) {
    std::string words = recorded ? recorded->words(one.id) : options.baseline;
    if (recorded && !options.baseline.empty()) words += ", " + options.baseline;
    cases.push_back({one, std::move(words), with_settings(recorded ? recorded->arm(one.id) : one, "baseline", baseline),
                     with_settings(one, "candidate", candidate)});
  }
  return cases;
}

GateReport run_gate_session(const LoadedScenario& loaded, const GateCase& one, const GateOptions& options,
                            const std::filesystem::path& folder, RunListener& listener, const GateListener& on_pair) {
  OwnGateLabs labs(loaded, one, options, folder, listener);
  const GateReport report = run_gate(
      {loaded.scenario.name, one.plain.id, one.baseline_words, options.candidate, options.limits, options.seed}, labs,
      on_pair);
  RunFolder(folder).write_text("gate.json", gate_json(report));
  write_html_report(report_of_gate(report), RunFolder(folder));
  return report;
}

}  // namespace offlab
