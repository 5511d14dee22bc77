#include "session/merge_runs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "base/folder_below.h"
#include "base/usage_error.h"
#include "record/digests.h"
#include "session/run_session.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// What is no file and no folder stays where it is.
void put_tree(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_symlink()) continue;
    if (entry.is_directory()) put_tree(entry.path(), target);
    if (!entry.is_regular_file()) continue;
    std::error_code other_disk;
    fs::create_hard_link(entry.path(), target, other_disk);
    if (other_disk) fs::copy_file(entry.path(), target);
  }
}

class Merger {
 public:
  explicit Merger(const RunFolder& into) : into_(into) {}

  void add(const std::string& name) {
    const RunFolder from = as_usage([&] { return RunFolder::open(name); });
    RunPlan plan = as_usage([&] { return from.read_plan(); });
    if (runs_++ == 0) {
      merged_ = plan;
      merged_.labs.clear();
      first_ = name;
      for (const auto& entry : fs::directory_iterator(from.path()))
        if (entry.is_regular_file() && !entry.is_symlink() && entry.path().filename().string().starts_with("topology."))
          fs::copy_file(entry.path(), into_.path() / entry.path().filename());
    }
    check(name, plan);
    for (LabPlan& lab : plan.labs) add_lab(from, std::move(lab), name);
    add_environment(from);
    if (from.has("events.jsonl")) events_ += from.read_text("events.jsonl");
  }

  void finish() {
    into_.write_plan(with_digests(merged_));
    into_.write_environment(environment_);
    into_.write_text("events.jsonl", events_);
  }

 private:
  void check(const std::string& name, const RunPlan& plan) const {
    const auto refuse = [&](const char* what) {
      throw UsageError(fmt::format("error: {} and {} {}: they are not parts of one run\n", first_, name, what));
    };
    if (plan.name != merged_.name) refuse("are of different topology files");
    if (plan.question != merged_.question) refuse("ask different questions");
    if (!(plan.measure == merged_.measure)) refuse("measure in different ways");
  }

  // Labs of several runs have the same names, unless they are shards.
  std::string free_name(const std::string& lab) {
    std::string name = lab;
    for (unsigned i = 2; !labs_.insert(name).second; ++i) name = fmt::format("{}-run-{}", lab, i);
    return name;
  }

  void add_lab(const RunFolder& from, LabPlan lab, const std::string& run) {
    const std::string name = free_name(lab.name);
    for (unsigned attempt = 1; from.has(lab_folder({lab.name, attempt})); ++attempt)
      put_tree(from.path() / lab_folder({lab.name, attempt}), into_.path() / lab_folder({name, attempt}));
    for (const CasePlan& one : lab.cases) {
      const auto [known, fresh] = cases_.try_emplace(one.id, run);
      if (!fresh)
        throw UsageError(fmt::format("error: {} and {} both have the case '{}'\n", known->second, run, one.id));
      for (unsigned attempt = 1; attempt <= from.attempts(one); ++attempt)
        add_case(from, attempt_of(one, attempt), name);
    }
    lab.name = name;
    merged_.labs.push_back(std::move(lab));
  }

  void add_case(const RunFolder& from, const CasePlan& tried, const std::string& lab) {
    if (!from.has(tried.folder)) return;
    put_tree(from.path() / tried.folder, into_.path() / tried.folder);
    if (!from.has(tried.folder + "/case.json")) return;
    CaseRecord record = from.read_case_record(tried);
    if (!record.lab.lab.empty()) record.lab.lab = lab;
    into_.write_case_record(tried, record);  // a new file: that of the run stays as it is
  }

  // What differs between the runs is said of all of them; what each lab ran on is in its own folder.
  void add_environment(const RunFolder& from) {
    const Environment one = from.read_environment();
    if (runs_ == 1) {
      environment_ = one;
      return;
    }
    const auto add = [](std::map<std::string, std::string>& all, const std::map<std::string, std::string>& more) {
      for (const auto& [key, value] : more) {
        std::string& known = all[key];
        if (known.empty())
          known = value;
        else if ((", " + known + ", ").find(", " + value + ", ") == std::string::npos)
          known += ", " + value;
      }
    };
    add(environment_.host, one.host);
    add(environment_.image, one.image);
    add(environment_.packages, one.packages);
    environment_.started = std::min(environment_.started, one.started);
    environment_.seconds = std::max(environment_.seconds, one.seconds);
  }

  const RunFolder& into_;
  RunPlan merged_;
  Environment environment_;
  std::string first_;
  std::string events_;
  std::size_t runs_ = 0;
  std::set<std::string> labs_;
  std::map<std::string, std::string> cases_;  // id -> the run that has it
};

// Shards are one run only when all of them are there: what is missing would be missing in the verdict, too.
void check_complete(const std::vector<std::string>& runs) {
  std::set<unsigned> numbers;
  std::optional<ShardRecord> known;
  std::size_t cases = 0;
  for (const std::string& run : runs) {
    const RunFolder folder = as_usage([&] { return RunFolder::open(run); });
    if (!folder.has("environment.json"))
      throw UsageError(fmt::format("error: {} has no lab\n  remedy: offlab run --resume {}\n", run, run));
    const auto shard = as_usage([&] { return read_shard(folder); });
    if (!shard) continue;
    if (known && (known->of != shard->of || known->all_cases != shard->all_cases))
      throw UsageError(
          fmt::format("error: {} is shard {} of {}, and another run is one of {}: they are not parts of one "
                      "run\n",
                      run, shard->number, shard->of, known->of));
    known = shard;
    if (!numbers.insert(shard->number).second)
      throw UsageError(fmt::format("error: shard {}/{} is there twice\n", shard->number, shard->of));
    for (const LabPlan& lab : as_usage([&] { return folder.read_plan(); }).labs) cases += lab.cases.size();
  }
  if (!known || cases == known->all_cases) return;
  std::vector<std::string> missing;
  for (unsigned number = 1; number <= known->of; ++number)
    if (numbers.count(number) == 0) missing.push_back(fmt::format("{}/{}", number, known->of));
  throw UsageError(fmt::format("error: of {} cases {} are there; shards that are missing: {}\n", known->all_cases,
                               cases, fmt::join(missing, ", ")));
}

}  // namespace

void merge_runs(const std::vector<std::string>& runs, const RunFolder& into) {
  Merger merger(into);
  check_complete(runs);
  for (const std::string& run : runs) merger.add(run);
  merger.finish();
}

}  // namespace offlab
