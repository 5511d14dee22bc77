#include "cli/session.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>

#include <fmt/core.h>

#include "base/error.h"
#include "cli/control_connection.h"
#include "cli/lab_of_run.h"
#include "cli/lab_process.h"
#include "cli/paths.h"
#include "cli/preflight.h"
#include "cli/prepared_host.h"
#include "cli/stop_signals.h"
#include "cli/usage_error.h"
#include "cli/warm_start.h"
#include "host/memory_reservation.h"
#include "plan/lab_memory.h"
#include "plan/make_plan.h"
#include "report/console.h"
#include "report/junit.h"
#include "report/run_json.h"
#include "runner/run_matrix.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr int interrupted_status = 130;

// Two legs a round, with two files each, and something for logs.
ByteCount disk_for_a_case(const MeasureOptions& measure) {
  return {measure.capture_limit.bytes * 9 / 8 * 4 * measure.rounds + 20'000'000};
}

// The versions that the first lab's worker found.
void add_versions(Environment& environment, const RunPlan& plan, const RunFolder& folder) {
  for (const LabPlan& lab : plan.labs) {
    const std::string file = fmt::format("labs/{}/versions.txt", lab.name);
    if (!folder.has(file)) continue;
    std::istringstream words(folder.read_text(file));
    for (std::string name, version; words >> name >> version;) environment.host[name] = version;
    return;
  }
}

// A lab of the run's own needs memory; they run one after the other.
MemoryClaim claim_of(const RunPlan& plan, const RunFolder& folder) {
  MemoryClaim claim{fmt::format("run {}", folder.path().filename().string()), {}};
  for (const LabPlan& lab : plan.labs) claim.bytes = std::max(claim.bytes, lab_memory(lab));
  return claim;
}

// Where the cases are recorded: in labs that are started for them, or in one that runs.
struct Place {
  std::unique_ptr<MemoryReservation> memory;
  std::unique_ptr<LabStarter> labs;
  Environment environment;
};

Place find_place(const RunPlan& plan, const std::optional<LabOfRun>& lab, const ImageRecipes& recipes,
                 const SessionOptions& options, const RunFolder& folder, Observer& observer,
                 const std::stop_token& stop) {
  Place place;
  if (lab) {
    place.environment = environment_of(*lab, plan.labs.front().name, folder);
    place.labs = std::make_unique<RunningLabs>(lab->lab.folder, lab->before, folder.path(), observer, stop);
    return place;
  }
  const fs::path cache = cache_folder();
  place.memory = std::make_unique<MemoryReservation>(cache, claim_of(plan, folder), host_memory());
  PreparedHost host = prepare_host(recipes, cache, folder.path(), options.accelerator, observer, stop);
  place.environment = std::move(host.environment);
  place.labs = std::make_unique<LabProcessStarter>(folder.path(), cache, host.accelerator,
                                                   std::move(host.worker_images), options.cold, observer, stop);
  return place;
}

}  // namespace

void write_reports(const RunResult& run, const RunFolder& folder) {
  folder.write_text("run.json", run_json(run));
  folder.write_text("junit.xml", junit_xml(run));
}

SessionResult run_session(const LoadedScenario& loaded, Question question, const SessionOptions& options,
                          Terminal& terminal, bool show_cases) {
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  warm_limit();  // a mistake in it is the user's, not the worker's
  const auto begin = std::chrono::steady_clock::now();
  const RunPlan plan = make_plan(loaded.scenario, loaded.cases, question);
  const auto recipes = recipes_of(plan.labs);
  const auto lab = options.lab.empty() ? std::nullopt : std::optional(fit_to_lab(options.lab, loaded.cases, plan));
  const RunFolder folder = as_usage(
      [&] { return RunFolder::create(options.out.empty() ? default_run_folder(plan.name) : fs::path(options.out)); });
  SessionResult session{
      {Outcome::error, question, plan.name, plan.summary, {}, {}, {}, "", 0, {}}, folder.path(), false};
  try {
    check_host(folder.path(), disk_for_a_case(plan.measure));
    folder.write_plan(plan);
    keep_files(loaded.files, folder);
    terminal.keep_events_in(&folder);
    Place place = find_place(plan, lab, recipes, options, folder, terminal, signals.token());
    Environment& environment = place.environment;
    folder.write_environment(environment);
    terminal.expect(plan);
    const CaseListener listener = [&](const CaseResult& one) {
      if (show_cases) terminal.text(console_case(one, question, options.verbose));
    };
    session.run = run_matrix(plan, *place.labs, folder, listener, session.interrupted);
    add_versions(environment, plan, folder);
    environment.seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
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
  terminal.keep_events_in(nullptr);
  return session;
}

int session_exit_code(const SessionResult& session) {
  return session.interrupted ? interrupted_status : exit_code(session.run.outcome);
}

}  // namespace offlab
