#include "cli/session.h"

#include <chrono>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/core.h>
#include <sys/utsname.h>

#include "base/error.h"
#include "cli/accelerator.h"
#include "cli/image_process.h"
#include "cli/lab_process.h"
#include "cli/paths.h"
#include "cli/preflight.h"
#include "cli/stop_signals.h"
#include "cli/usage_error.h"
#include "cli/warm_start.h"
#include "plan/make_plan.h"
#include "report/console.h"
#include "report/junit.h"
#include "report/run_json.h"
#include "runner/run_matrix.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr int interrupted_status = 130;

// Two legs with two files each, and something for logs.
ByteCount disk_for_a_case(const MeasureOptions& measure) {
  return {measure.capture_limit.bytes * 9 / 8 * 4 + 20'000'000};
}

std::set<std::string> images_of(const RunPlan& plan) {
  std::set<std::string> names;
  for (const LabPlan& lab : plan.labs)
    for (const NodePlan& node : lab.nodes) names.insert(image_key(node));
  return names;
}

Environment describe_host(Accelerator accelerator, const std::map<std::string, GuestImage>& images) {
  utsname host{};
  uname(&host);
  Environment environment;
  environment.host = {{"accel", accelerator == Accelerator::kvm ? "kvm" : "tcg"},
                      {"cpus", std::to_string(std::thread::hardware_concurrency())},
                      {"kernel", host.release},
                      {"offlab", OFFLAB_VERSION}};
  for (const auto& [name, image] : images) {
    const std::string prefix = images.size() == 1 ? "" : name + ".";
    environment.image[prefix + "name"] = name;
    environment.image[prefix + "digest"] = image.digest;
    environment.image[prefix + "kernel"] = image.kernel_release;
    for (const auto& [package, version] : image.packages) environment.packages[prefix + package] = version;
  }
  environment.started = utc_now();
  return environment;
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
  std::map<std::string, ImageRecipe> recipes;
  for (const std::string& name : images_of(plan)) recipes.emplace(name, load_image_recipe(name));
  const fs::path cache = cache_folder();
  const RunFolder folder = as_usage(
      [&] { return RunFolder::create(options.out.empty() ? default_run_folder(plan.name) : fs::path(options.out)); });
  SessionResult session{
      {Outcome::error, question, plan.name, plan.summary, {}, {}, {}, "", 0, {}}, folder.path(), false};
  try {
    check_host(folder.path(), disk_for_a_case(plan.measure));
    folder.write_plan(plan);
    for (std::size_t i = 0; i < loaded.files.size(); ++i)
      folder.write_text(i == 0 ? "topology.toml" : fmt::format("topology.extended-{}.toml", i), loaded.files[i].text);
    terminal.keep_events_in(&folder);
    std::map<std::string, GuestImage> images;
    std::map<std::string, WorkerImage> worker_images;
    for (const auto& [name, recipe] : recipes) {
      const GuestImage image = provide_image(recipe, cache, terminal, signals.token());
      images.emplace(name, image);
      worker_images[name] = {fs::relative(image.kernel, cache), fs::relative(image.initrd, cache), image.digest};
    }
    const Accelerator accelerator = choose_accelerator(options.accelerator, images.begin()->second, cache,
                                                       folder.path(), terminal, signals.token());
    Environment environment = describe_host(accelerator, images);
    folder.write_environment(environment);
    terminal.expect(plan);
    LabProcessStarter labs(folder.path(), cache, accelerator, worker_images, options.cold, terminal, signals.token());
    const CaseListener listener = [&](const CaseResult& one) {
      if (show_cases) terminal.text(console_case(one, question, options.verbose));
    };
    session.run = run_matrix(plan, labs, folder, listener, session.interrupted);
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
