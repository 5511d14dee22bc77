#include "session/run_session.h"

#include <chrono>

#include <fmt/core.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "cache/warm_folder.h"
#include "process/stop_signals.h"
#include "record/digests.h"
#include "record/run_json.h"
#include "report/junit.h"
#include "runner/run_matrix.h"
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
    for (const auto& [name, version] : folder.read_lab_environment({lab.name, 1}).host)
      environment.host.emplace(name, version);
}

// Keeps the events in the run folder, then hands them on.
class EventRecorder : public Observer {
 public:
  EventRecorder(const RunFolder& folder, Observer& next) : folder_(folder), next_(next) {}

  void on(const Event& event) override {
    folder_.append_event(event);
    next_.on(event);
  }

 private:
  const RunFolder& folder_;
  Observer& next_;
};

}  // namespace

void write_reports(const RunResult& run, const RunFolder& folder) {
  folder.write_text("run.json", run_json(run));
  folder.write_text("junit.xml", junit_xml(run));
}

SessionResult run_session(const RunPlan& asked, const std::vector<SourceFile>& files, const SessionOptions& options,
                          RunPlaceFinder& place, RunListener& listener) {
  place.accept(asked);
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  warm_limit();  // a mistake in it is the user's, not the worker's
  const auto spent = [begin = std::chrono::steady_clock::now()] {
    return Seconds(std::chrono::steady_clock::now() - begin).count();
  };
  const RunPlan plan = with_digests(asked);
  const RunFolder folder = as_usage(
      [&] { return RunFolder::create(options.out.empty() ? default_run_folder(plan.name) : fs::path(options.out)); });
  SessionResult session{
      .run = {.outcome = Outcome::error, .question = plan.question, .name = plan.name, .summary = plan.summary},
      .folder = folder.path()};
  EventRecorder recorder(folder, listener);
  try {
    check_host(folder.path(), disk_for_a_case(plan.measure));
    folder.write_plan(plan);
    keep_files(files, folder);
    RunPlace labs = place.prepare(plan, folder, recorder, signals.token());
    Environment& environment = labs.environment;
    folder.write_environment(environment);
    listener.on_plan(plan);
    const auto show = [&](const CaseResult& one) { listener.on_result(one, plan.question); };
    RunPolicy policy{.retries = options.retries};
    if (options.budget_seconds)
      policy.budget = Budget{*options.budget_seconds, spent, estimate_time(plan, options.last)};
    session.run = run_matrix(plan, *labs.labs, folder, policy, show, session.interrupted);
    add_versions(environment, plan, folder);
    environment.seconds = spent();
    folder.write_environment(environment);
    session.run.host = environment.host;
    session.run.seconds = environment.seconds;
    write_reports(session.run, folder);
  } catch (const Interrupted&) {
    session.interrupted = true;
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove(folder.path(), ignored);  // only if nothing is in it
    throw;
  }
  return session;
}

int session_exit_code(const SessionResult& session) {
  return session.interrupted ? interrupted_status : exit_code(session.run.outcome);
}

}  // namespace offlab
