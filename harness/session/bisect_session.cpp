#include "session/bisect_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "plan/make_plan.h"
#include "record/bisect_json.h"
#include "session/html_reports.h"
#include "session/own_labs.h"
#include "setting/setting.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

const Case& case_called(const LoadedScenario& loaded, const std::string& id, const char* option) {
  const auto found =
      std::find_if(loaded.cases.begin(), loaded.cases.end(), [&](const Case& one) { return one.id == id; });
  if (found == loaded.cases.end())
    throw UsageError(
        fmt::format("error: {} {}: no case has this id (the ids are shown by 'offlab plan FILE')\n", option, id));
  return *found;
}

std::optional<std::string> value_of(const SettingTexts& settings, const std::string& key) {
  for (const auto& [known, value] : settings)
    if (known == key) return value;
  return std::nullopt;
}

std::vector<SettingText> versions_of(const std::string& over) {
  const auto equals = over.find('=');
  std::vector<SettingText> versions;
  if (equals != std::string::npos && equals > 0)
    for (std::size_t at = equals + 1; at <= over.size();) {
      const std::size_t end = std::min(over.find(',', at), over.size());
      versions.emplace_back(over.substr(0, equals), over.substr(at, end - at));
      at = end + 1;
    }
  if (versions.size() < 2)
    throw UsageError(
        fmt::format("error: --over {} is not KEY=GOOD,...,BAD: at least two versions in their order\n", over));
  return versions;
}

class OwnBisectLabs : public BisectLabs {
 public:
  OwnBisectLabs(const LoadedScenario& loaded, const BisectCases& cases, const BisectOptions& options, fs::path folder,
                RunListener& listener)
      : loaded_(loaded), cases_(cases), options_(options), folder_(std::move(folder)), listener_(listener) {}

  BisectStep run_settings(SettingSet settings) override { return run(cases_.with_settings(settings)); }
  BisectStep run_version(std::size_t version) override { return run(cases_.with_version(version)); }

 private:
  BisectStep run(const Case& one) {
    const std::string name = fmt::format("{:02}", ++runs_);
    const auto place = own_labs({.accelerator = options_.accelerator, .cold = options_.cold});
    const RunPlan plan = make_plan(loaded_.scenario, {one}, Question::healthy, place->observable());
    SessionResult session = run_session(plan, loaded_.files, {.out = folder_ / name}, *place, listener_);
    if (session.interrupted) throw Interrupted();
    return {one.id, false, std::move(session.run.cases.at(0)), name};
  }

  const LoadedScenario& loaded_;
  const BisectCases& cases_;
  const BisectOptions& options_;
  fs::path folder_;
  RunListener& listener_;
  unsigned runs_ = 0;
};

}  // namespace

BisectCases::BisectCases(const LoadedScenario& loaded, const BisectOptions& options)
    : plain_(loaded.scenario.topology) {
  question_.name = loaded.scenario.name;
  question_.bad = options.bad;
  question_.flake_rate = options.flake_rate;
  question_.most_runs = options.most_runs;
  const Case& bad = case_called(loaded, options.bad, "--bad");
  if (!options.over.empty()) {
    versions_ = versions_of(options.over);
    common_ = bad.axes;
    for (const auto& [key, value] : versions_) question_.searched.push_back(fmt::format("{}={}", key, value));
    question_.good = question_.searched.front();
    return;
  }
  const SettingTexts good = options.good.empty() ? SettingTexts() : case_called(loaded, options.good, "--good").axes;
  question_.good = options.good.empty() ? "none of its settings" : options.good;
  good_id_ = options.good.empty() ? "none-of-the-settings" : options.good;
  const auto add = [&](const std::string& key) {
    const auto in_bad = value_of(bad.axes, key);
    const auto in_good = value_of(good, key);
    if (in_bad == in_good || (key == "flow" && !in_good)) {
      common_.emplace_back(key, *in_bad);
      return;
    }
    differences_.push_back({key, in_bad, in_good});
    question_.searched.push_back(in_bad ? fmt::format("{}={}", key, *in_bad)
                                        : fmt::format("without {}={}", key, *in_good));
    question_.suspicion.push_back(suspicion_of(key));
  };
  for (const auto& [key, value] : bad.axes) add(key);
  for (const auto& [key, value] : good)
    if (!value_of(bad.axes, key)) add(key);
  if (differences_.empty()) throw UsageError("error: the bad and the good case do not differ\n");
  if (differences_.size() > max_searched_settings)
    throw UsageError(fmt::format("error: the cases differ in {} settings, and at most {} are searched\n",
                                 differences_.size(), max_searched_settings));
}

Case BisectCases::with_settings(SettingSet settings) const {
  SettingTexts made = common_;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < differences_.size(); ++i) {
    const bool is_bad = (settings >> i & 1U) != 0;
    const auto& value = is_bad ? differences_[i].bad : differences_[i].good;
    if (value) made.emplace_back(differences_[i].key, *value);
    if (is_bad) words.push_back(question_.searched[i]);
  }
  return make(words.empty() ? good_id_ : fmt::format("{}", fmt::join(words, ",")), made);
}

Case BisectCases::with_version(std::size_t version) const {
  SettingTexts made = common_;
  made.push_back(versions_.at(version));
  return make(question_.searched.at(version), made);
}

Case BisectCases::make(const std::string& id, const SettingTexts& settings) const {
  Case made{.id = id, .axes = settings, .topology = plain_};
  for (const SettingText& setting : settings) {
    if (setting.first == "flow") continue;
    if (const auto error = apply_setting(made.topology, setting))
      throw UsageError(fmt::format("error: {}={}: {}\n", setting.first, setting.second, error->message));
  }
  auto& flows = made.topology.flows;
  const auto flow = value_of(settings, "flow");
  flows.erase(std::remove_if(flows.begin(), flows.end(), [&](const Flow& one) { return flow && one.name != *flow; }),
              flows.end());
  return made;
}

BisectReport run_bisect_session(const LoadedScenario& loaded, const BisectCases& cases, const BisectOptions& options,
                                const fs::path& folder, RunListener& listener, const StepListener& on_step) {
  OwnBisectLabs labs(loaded, cases, options, folder, listener);
  BisectReport report = cases.is_over_versions() ? bisect_versions(cases.question(), labs, on_step)
                                                 : bisect_settings(cases.question(), labs, on_step);
  RunFolder(folder).write_text("bisect.json", bisect_json(report));
  write_html_report(report_of_bisection(report), RunFolder(folder));
  return report;
}

}  // namespace offlab
