#include "session/html_reports.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/error.h"
#include "base/folder_below.h"
#include "record/bisect_json.h"
#include "record/gate_json.h"
#include "record/night_json.h"
#include "record/run_json.h"
#include "runner/case_profile.h"
#include "runner/run_matrix.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// "night/hazards/cases/01-x": the run's folder is "night/hazards", the case's own "cases/01-x".
std::pair<std::string, std::string> run_and_case(const std::string& folder) {
  const auto at = folder.rfind("cases/");
  if (at == std::string::npos || (at > 0 && folder[at - 1] != '/')) return {"", folder};
  return {at == 0 ? "" : folder.substr(0, at - 1), folder.substr(at)};
}

// The runs of a folder, each read once.
class Runs {
 public:
  explicit Runs(const RunFolder& folder) : folder_(folder) {}

  const CaseResult* result(const std::string& case_folder) {
    const auto [run, own] = run_and_case(case_folder);
    if (const std::optional<RunResult>& read = run_at(run))
      for (const CaseResult& one : read->cases)
        if (one.folder == own) return &one;
    return nullptr;
  }

  // Of a run that has one.
  const CaseResult* only_case(const std::string& run) {
    const std::optional<RunResult>& read = run_at(run);
    return read && read->cases.size() == 1 ? &read->cases.front() : nullptr;
  }

  // Kept, or made of what was recorded.
  CaseProfile profile(const CaseResult& result) {
    if (CaseProfile kept = kept_profile(folder_, result.folder); !kept.legs.empty()) return kept;
    const auto [run, own] = run_and_case(result.folder);
    CaseResult of_run = result;
    of_run.folder = own;
    if (!run.empty() && of_run.leg.rfind(run + "/", 0) == 0) of_run.leg = of_run.leg.substr(run.size() + 1);
    try {
      const RunFolder folder(folder_.path() / run);
      const RunPlan& plan = plan_at(run);
      for (const LabPlan& lab : plan.labs)
        for (const CasePlan& one : lab.cases)
          if (own.rfind(one.folder, 0) == 0) return profile_case(of_run, lab, one, folder);
    } catch (const Error&) {
      return {};
    }
    return {};
  }

 private:
  const std::optional<RunResult>& run_at(const std::string& run) {
    const auto known = runs_.find(run);
    if (known != runs_.end()) return known->second;
    const std::string file = run.empty() ? "run.json" : run + "/run.json";
    std::optional<RunResult> read;
    if (folder_.has(file)) read = run_from_json(folder_.read_text(file));
    return runs_[run] = std::move(read);
  }
  const RunPlan& plan_at(const std::string& run) {
    const auto known = plans_.find(run);
    if (known != plans_.end()) return known->second;
    return plans_[run] = RunFolder::open(folder_.path() / run).read_plan();
  }

  const RunFolder& folder_;
  std::map<std::string, std::optional<RunResult>> runs_;
  std::map<std::string, RunPlan> plans_;
};

// What its file has of a case, in place of the few words that a night or a gate keeps.
void take_result(const CaseResult& full, const std::string& run, CaseResult& one) {
  CaseResult taken = full;
  taken.id = one.id;
  taken.outcome = one.outcome;
  one = in_folder(std::move(taken), run);
}

HtmlReport with_results(HtmlReport report, const RunFolder& folder) {
  Runs runs(folder);
  for (ReportCase& one : report.cases) {
    const bool is_named = !one.result.folder.empty();
    const std::string run = is_named ? run_and_case(one.result.folder).first
                                     : fs::path(one.report).parent_path().string();  // a bisection's step
    const CaseResult* full = is_named ? runs.result(one.result.folder) : runs.only_case(run);
    if (full != nullptr) take_result(*full, run, one.result);
  }
  return report;
}

HtmlReport with_profiles(HtmlReport report, const RunFolder& folder) {
  Runs runs(folder);
  for (ReportCase& one : report.cases)
    if (one.result.recorded == Recorded::recorded) one.profile = runs.profile(one.result);
  return report;
}

RunResult run_in(const RunFolder& folder) {
  if (folder.has("run.json")) return run_from_json(folder.read_text("run.json"));
  return judge_run(folder.read_plan(), folder);
}

HtmlReport bare_report(const RunFolder& folder) {
  if (folder.has("gate.json"))
    return with_results(report_of_gate(gate_from_json(folder.read_text("gate.json"))), folder);
  if (folder.has("bisect.json"))
    return with_results(report_of_bisection(bisect_from_json(folder.read_text("bisect.json"))), folder);
  if (folder.has("night.json"))
    return with_results(report_of_night(night_from_json(folder.read_text("night.json")), folder.path().string()),
                        folder);
  if (folder.has("plan.json")) return report_of_run(run_in(folder));
  if (folder.has("run.json")) return report_of_run(run_in(folder), "suite");
  throw Error(fmt::format("{} is no folder of a run, gate, bisection or night: it has none of plan.json, run.json, "
                          "gate.json, bisect.json, night.json",
                          folder.path().string()),
              "name the folder that offlab printed as evidence");
}

// Where a folder lies below `place`; nothing where it does not.
std::optional<std::string> below(const fs::path& folder, const fs::path& place) {
  const fs::path relative = fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(place));
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return relative == "." ? "" : relative.string();
}

std::string unique_name(const fs::path& folder, std::set<std::string>& names) {
  const std::string name = fs::weakly_canonical(folder).filename();
  std::string made = name;
  for (unsigned number = 2; !names.insert(made).second; ++number) made = fmt::format("{} ({})", name, number);
  return made;
}

}  // namespace

void write_html_report(HtmlReport report, const RunFolder& folder, Links links) {
  for (ReportCase& one : report.cases) {
    if (one.result.recorded == Recorded::recorded) one.profile = kept_profile(folder, one.result.folder);
    if (links == Links::none) one.result = without_files(std::move(one.result));
  }
  folder.write_text("report.html", html_report(report));
}

HtmlReport report_of_folder(const fs::path& folder) {
  std::error_code none;
  if (!fs::is_directory(folder, none)) throw Error(fmt::format("{} is no folder", folder.string()));
  const RunFolder read(fs::absolute(folder));
  return with_profiles(bare_report(read), read);
}

HtmlReport report_of_folders(const std::vector<fs::path>& folders, const fs::path& place) {
  HtmlReport all{.kind = "suite",
                 .title = fmt::format("{} folders", folders.size()),
                 .summary = {},
                 .sentence = {},
                 .outcome = Outcome::pass};
  std::set<std::string> names;
  for (const fs::path& path : folders) {
    HtmlReport one = report_of_folder(path);
    const auto where = below(path, place);
    const std::string name = unique_name(path, names);
    all.question = one.question;
    if (all.started.empty()) all.started = one.started;
    all.seconds += one.seconds;
    for (ReportCase& of : one.cases) {
      of.result.id = fmt::format("{}/{}", name, of.result.id);
      of.result = where ? in_folder(std::move(of.result), *where) : without_files(std::move(of.result));
      of.report = where ? (where->empty() ? "" : *where + "/") + (of.report.empty() ? "report.html" : of.report) : "";
      all.cases.push_back(std::move(of));
    }
    for (LabHost& lab : one.labs) {
      lab.lab.lab = fmt::format("{}/{}", name, lab.lab.lab);
      all.labs.push_back(std::move(lab));
    }
  }
  const RunResult run = run_of_report(all);
  all.outcome = run.outcome;
  all.sentence = verdict_sentence(run);
  return all;
}

RunResult run_of_report(const HtmlReport& report) {
  RunResult run{
      .outcome = report.outcome, .question = report.question, .name = report.title, .summary = report.summary};
  run.started = report.started;
  run.seconds = report.seconds;
  run.labs = report.labs;
  std::vector<Outcome> outcomes;
  for (const ReportCase& one : report.cases) {
    run.cases.push_back(one.result);
    outcomes.push_back(one.result.outcome);
  }
  if (report.kind == "suite") run.outcome = combine(outcomes);
  return run;
}

}  // namespace offlab
