#include "session/run_session.h"

#include <chrono>
#include <mutex>

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "base/usage_error.h"
#include "cache/warm_folder.h"
#include "process/stop_signals.h"
#include "record/digests.h"
#include "record/run_json.h"
#include "report/junit.h"
#include "runner/run_matrix.h"
#include "session/html_reports.h"
#include "session/paths.h"
#include "session/preflight.h"
#include "session/scenario_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Two legs a round, with two files each, and something for logs.
ByteCount disk_for_a_case(const MeasureOptions& measure) {
  return {measure.capture_limit.bytes * 9 / 8 * 4 * measure.rounds + 20'000'000};
}

// The versions that the first lab's worker found.
void add_versions(Environment& environment, const RunPlan& plan, const RunFolder& folder) {
  for (const LabPlan& lab : plan.labs)
    for (unsigned attempt = 1; attempt <= folder.lab_attempts(lab.name); ++attempt)
      for (const auto& [name, version] : folder.read_lab_environment({lab.name, attempt}).host)
        if (name != "host" && name != "pinned") environment.host.emplace(name, version);  // of one lab only
}

constexpr const char* shard_file = "shard.json";

void write_shard(const ShardRecord& shard, const RunFolder& folder) {
  const nlohmann::json document = {{"number", shard.number}, {"of", shard.of}, {"all_cases", shard.all_cases}};
  folder.write_text(shard_file, document.dump() + "\n");
}

// Keeps the events in the run folder, then hands them on. Labs that are up at the same time tell theirs one at a time.
class EventRecorder : public Observer {
 public:
  EventRecorder(const RunFolder& folder, RunListener& next) : folder_(folder), next_(next) {}

  void on(const Event& event) override {
    const std::lock_guard lock(mutex_);
    folder_.append_event(event);
    next_.on(event);
  }
  void on_result(const CaseResult& result, Question question) {
    const std::lock_guard lock(mutex_);
    next_.on_result(result, question);
  }

 private:
  const RunFolder& folder_;
  RunListener& next_;
  std::mutex mutex_;
};

std::vector<LabStarter*> starters_of(const RunPlace& place) {
  std::vector<LabStarter*> starters;
  for (const auto& one : place.labs) starters.push_back(one.get());
  return starters;
}

}  // namespace

void write_reports(const RunResult& run, const RunFolder& folder, const std::string& kind) {
  folder.write_text("run.json", run_json(run));
  folder.write_text("junit.xml", junit_xml(run));
  write_html_report(report_of_run(run, kind), folder);
}

void write_reports_apart(const RunResult& run, const RunFolder& folder, const std::string& kind) {
  folder.write_text("run.json", run_json(run));
  RunResult without_captures = run;
  for (CaseResult& one : without_captures.cases) one = without_files(std::move(one));
  folder.write_text("junit.xml", junit_xml(without_captures));
  write_html_report(report_of_run(run, kind), folder, Links::none);
}

namespace {

// From a plan to its verdicts, in a folder that is locked.
class Session {
 public:
  Session(RunPlan plan, RunFolder folder, const SessionOptions& options, RunPlaceFinder& place, RunListener& listener)
      : plan_(std::move(plan)),
        folder_(std::move(folder)),
        options_(options),
        place_(place),
        listener_(listener),
        recorder_(folder_, listener) {
    result_.run = {.outcome = Outcome::error, .question = plan_.question, .name = plan_.name, .summary = plan_.summary};
    result_.folder = folder_.path();
  }

  const RunPlan& plan() const { return plan_; }
  const RunFolder& folder() const { return folder_; }

  void check() const {
    if (place_.makes_machines())
      check_host(folder_.path(), disk_for_a_case(plan_.measure));
    else
      check_space(folder_.path(), disk_for_a_case(plan_.measure));
  }

  // `earlier`: what the run began with, where it goes on.
  void perform(const std::optional<Environment>& earlier) try {
    RunPlace labs = place_.prepare(plan_, folder_, recorder_, signals_.token());
    Environment& environment = labs.environment;
    if (earlier) go_on_from(*earlier, environment);
    folder_.write_environment(environment);
    listener_.on_plan(plan_);
    const auto show = [&](const CaseResult& one) { recorder_.on_result(one, plan_.question); };
    RunPolicy policy{.retries = options_.retries, .until = options_.until, .resume = earlier.has_value()};
    if (options_.budget_seconds)
      policy.budget = Budget{*options_.budget_seconds, [this] { return spent(); }, estimate_time(plan_, options_.last)};
    result_.run = labs.tasks ? follow_tasks(plan_, *labs.tasks, folder_, policy, show, recorder_, signals_.token(),
                                            result_.interrupted)
                             : run_matrix(plan_, starters_of(labs), folder_, policy, show, result_.interrupted);
    add_versions(environment, plan_, folder_);
    environment.seconds += spent();
    folder_.write_environment(environment);
    result_.run.host = environment.host;
    result_.run.seconds = environment.seconds;
    write_reports(result_.run, folder_);
  } catch (const Interrupted&) {
    result_.interrupted = true;
  }

  // Nothing is left to run.
  void judge() {
    Environment environment = folder_.read_environment();
    add_versions(environment, plan_, folder_);
    folder_.write_environment(environment);
    result_.run = judge_run(plan_, folder_);
    for (const CaseResult& one : result_.run.cases) listener_.on_result(one, plan_.question);
    write_reports(result_.run, folder_);
  }

  SessionResult take() { return std::move(result_); }

 private:
  double spent() const { return Seconds(std::chrono::steady_clock::now() - begin_).count(); }

  // "slurm", "hosts"; empty: this host.
  static std::string place_of(const Environment& environment) {
    const auto executor = environment.host.find("executor");
    if (executor != environment.host.end()) return executor->second;
    return environment.host.count("hosts") != 0 ? "hosts" : "";
  }

  // The verdicts of one run are about one thing.
  static void go_on_from(const Environment& earlier, Environment& now) {
    const auto same = [](const auto& before, const auto& after, const std::string& what) {
      if (before == after) return;
      throw UsageError(fmt::format(
          "error: the run began with another {}; what it recorded and what would be recorded now are not one run\n  "
          "remedy: begin a new run\n",
          what));
    };
    same(place_of(earlier), place_of(now), "place for its labs (--hosts, --executor)");
    same(earlier.image, now.image, "image");
    // Of several hosts each lab has its own account.
    const bool several = !place_of(now).empty();
    for (const char* key : {"accel", "kernel", "offlab"}) {
      if (several && key != std::string_view("offlab")) continue;
      const auto before = earlier.host.find(key);
      const auto after = now.host.find(key);
      if (before != earlier.host.end() && after != now.host.end()) same(before->second, after->second, key);
    }
    now.started = earlier.started;
    now.seconds = earlier.seconds;
  }

  RunPlan plan_;
  RunFolder folder_;
  const SessionOptions& options_;
  RunPlaceFinder& place_;
  RunListener& listener_;
  EventRecorder recorder_;
  StopSignals signals_{{SIGINT, SIGTERM, SIGHUP}};
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  SessionResult result_;
};

}  // namespace

std::optional<ShardRecord> read_shard(const RunFolder& folder) {
  if (!folder.has(shard_file)) return std::nullopt;
  try {
    const auto document = parse_json(folder.read_text(shard_file), shard_file);
    return ShardRecord{document.at("number"), document.at("of"), document.at("all_cases")};
  } catch (const nlohmann::json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", shard_file, error.what()));
  }
}

SessionResult run_session(const RunPlan& asked, const std::vector<SourceFile>& files, const SessionOptions& options,
                          RunPlaceFinder& place, RunListener& listener) {
  place.accept(asked);
  warm_limit();  // a mistake in it is the user's, not the worker's
  RunFolder folder = as_usage(
      [&] { return RunFolder::create(options.out.empty() ? default_run_folder(asked.name) : fs::path(options.out)); });
  Session session(with_digests(place.arranged(asked)), std::move(folder), options, place, listener);
  try {
    session.check();
    session.folder().write_plan(session.plan());
    keep_files(files, session.folder());
    if (options.shard) write_shard(*options.shard, session.folder());
    session.perform({});
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove(session.folder().path(), ignored);  // only if nothing is in it
    throw;
  }
  return session.take();
}

SessionResult resume_session(const SessionOptions& options, RunPlaceFinder& place, RunListener& listener) {
  warm_limit();
  RunFolder folder = as_usage([&] { return RunFolder::reopen(options.out); });
  RunPlan plan = as_usage([&] { return folder.read_plan(); });
  place.accept(plan);
  Session session(std::move(plan), std::move(folder), options, place, listener);
  const bool begun = session.folder().has("environment.json");
  if (begun && unfinished_cases(session.plan(), session.folder(), options.retries).empty()) {
    session.judge();
    return session.take();
  }
  session.check();
  session.perform(begun ? std::optional(session.folder().read_environment()) : std::nullopt);
  return session.take();
}

int session_exit_code(const SessionResult& session) {
  return session.interrupted ? interrupted_status : exit_code(session.run.outcome);
}

}  // namespace offlab
