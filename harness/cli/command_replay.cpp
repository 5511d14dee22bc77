#include <filesystem>

#include <fmt/core.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/read_file.h"
#include "base/usage_error.h"
#include "bundle/bundle_folder.h"
#include "bundle/compare_replay.h"
#include "cli/commands.h"
#include "cli/run_scenario.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr int not_reproduced = 1;

// The bundle's folder; one that was packed is unpacked, and goes with this.
class OpenBundle {
 public:
  explicit OpenBundle(const std::string& place) {
    if (fs::is_directory(place)) {
      folder_ = fs::absolute(place);
      return;
    }
    if (!fs::is_regular_file(place)) throw Error(fmt::format("{} is no folder and no file", place));
    std::string name = (fs::temp_directory_path() / "offlab-bundle.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw system_error("making a folder for the bundle");
    unpacked_ = name;
    run_or_throw({"tar", "--extract", "--zstd", "--no-same-owner", "--no-same-permissions", "--file", place,
                  "--directory", name},
                 Deadline("tar", std::chrono::seconds(300)));
    std::size_t entries = 0;
    for (const auto& entry : fs::directory_iterator(unpacked_)) {
      folder_ = entry.path();
      ++entries;
    }
    if (entries != 1 || !fs::is_directory(fs::symlink_status(folder_)))
      throw Error(fmt::format("{} is not one folder in an archive", place));
  }
  OpenBundle(const OpenBundle&) = delete;
  OpenBundle& operator=(const OpenBundle&) = delete;
  ~OpenBundle() {
    std::error_code ignored;
    if (!unpacked_.empty()) fs::remove_all(unpacked_, ignored);
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
  fs::path unpacked_;
};

Expected read_expected(const OpenBundle& bundle, const std::string& place) {
  if (const std::string damage = damage_of_bundle(bundle.folder(), {"expected.json"}); !damage.empty())
    throw Error(fmt::format("{} is no whole bundle: {}", place, damage),
                "ask for it again; sha256sum --check SHA256SUMS");
  Expected expected = expected_from_json(read_whole_file(bundle.folder() / "expected.json"));
  if (!expected.has_lab) return expected;
  if (const std::string damage = damage_of_bundle(bundle.folder(), {"topology.toml"}); !damage.empty())
    throw Error(fmt::format("{} is no whole bundle: {}", place, damage));
  return expected;
}

// Somebody else's file must not reach machines of this network, nor disks of this host.
void refuse_machines(const LoadedScenario& loaded) {
  for (const Node& node : loaded.scenario.topology.nodes)
    if (node.existing || node.disk)
      throw UsageError(
          clean_format("error: the bundle's topology names a machine or a disk of this network: '{}'\n"
                       "  remedy: read topology.toml, and run it yourself if you want that\n",
                       node.name));
}

std::vector<ExpectedCounter> counters_of(const SessionResult& session, const CaseResult& result) {
  const RunFolder folder = RunFolder::open(session.folder);
  const RunPlan plan = folder.read_plan();
  const CasePlan one = attempt_of(plan.labs.at(0).cases.at(0), result.attempts);
  const LegIntent& intent = one.legs.at(0).intent;
  std::vector<std::string> routers;
  for (const HopIntent& hop : intent.hops) routers.push_back(hop.hop.router);
  return grown_counters(folder.read_leg(RunFolder::leg_folder(one, LegRole::measured)),
                        folder.read_leg(RunFolder::leg_folder(one, LegRole::control)), routers,
                        {intent.flow.from, intent.flow.to});
}

}  // namespace

int replay_command(const ReplayOptions& options) {
  const std::unique_ptr<OpenBundle> bundle = as_usage([&] { return std::make_unique<OpenBundle>(options.bundle); });
  const Expected expected = as_usage([&] { return read_expected(*bundle, options.bundle); });
  if (!expected.has_lab)
    throw UsageError(fmt::format("error: {} has no lab; its README.md says why\n  its captures: offlab analyze {}\n",
                                 options.bundle, (bundle->folder() / "captures").string()));
  ScenarioOptions scenario;
  scenario.file = bundle->folder() / "topology.toml";
  const LoadedScenario loaded = load_scenario(scenario);
  refuse_machines(loaded);
  Terminal terminal(options.session.display);
  terminal.text(
      clean_format("{}: {}, made by offlab {}\n", expected.name, to_string(expected.fault_class), expected.offlab));
  const SessionResult session = run_scenario(loaded, Question::as_expected, options.session, terminal, true);
  if (session.interrupted) return interrupted_status;
  const CaseResult& result = session.run.cases.at(0);
  if (result.recorded != Recorded::recorded) {
    terminal.text(
        clean_format("the case could not be run: {}\nevidence: {}\n", result.reason, session.folder.string()));
    return exit_code(Outcome::error);
  }
  const std::vector<ExpectedCounter> counters = counters_of(session, result);
  const ReplayAnswer answer = compare_replay(expected, result, counters);
  terminal.text(replay_text(expected, result, counters, answer) +
                clean_format("evidence: {}\n", session.folder.string()));
  return answer.reproduced ? 0 : not_reproduced;
}

}  // namespace offlab
