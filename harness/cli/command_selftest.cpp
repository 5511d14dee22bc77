#include <iostream>
#include <optional>

#include <fmt/core.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "record/run_folder.h"
#include "record/run_json.h"
#include "runner/run_case.h"
#include "selftest/error_rates.h"
#include "selftest/mutation_table.h"
#include "session/paths.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* result_file = "run.json";

const CasePlan& healthy_case(const RunPlan& plan, const RunFolder& folder) {
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      if (judge_recorded_case(one, folder, plan).fault_class == FaultClass::healthy) return one;
  throw Error("the recording has no healthy case", "record one: offlab run topologies/vmxnet3-router.toml");
}

Outcome try_defects(const SelftestOptions& options) {
  const RunFolder folder = RunFolder::open(options.recording.empty() ? shipped_file("tests/data/recorded-run")
                                                                     : fs::path(options.recording));
  const RunPlan plan = folder.read_plan();
  const CasePlan& healthy = healthy_case(plan, folder);
  const MutationTable table = try_mutations(read_recorded_leg(folder, healthy, LegRole::measured),
                                            read_recorded_leg(folder, healthy, LegRole::control), plan.measure);
  std::cout << clean_text(options.markdown ? markdown(table) : describe(table));
  return table.holds() ? Outcome::pass : Outcome::fail;
}

// Gigabytes, and of no use where everything came out as it should.
void remove_captures(const fs::path& round, const std::vector<CaseResult>& cases) {
  for (const CaseResult& one : cases) {
    if (one.outcome != Outcome::pass) continue;
    for (const std::string& artifact : one.artifacts)
      if (fs::path(artifact).extension() == ".pcapng") fs::remove(round / artifact);
  }
}

bool verify_into(const fs::path& round, RunOptions verify) {
  verify.session.out = round;
  if (verify_command(verify) != interrupted_status) return true;
  fs::remove(round / result_file);  // it tells of some cases only
  return false;
}

// Nothing when somebody interrupted it.
std::optional<Outcome> try_labs(const SelftestOptions& options) {
  const fs::path folder = options.out.empty() ? default_run_folder("selftest") : fs::path(options.out);
  RunOptions verify;
  verify.scenario.file =
      options.topologies.empty() ? shipped_file("topologies/error-rates").string() : options.topologies;
  verify.scenario.extend_anywhere = options.extend_anywhere;
  if (!fs::is_directory(verify.scenario.file))
    throw UsageError(fmt::format("error: {} is no folder of topology files\n", verify.scenario.file));
  ErrorRates rates;
  unsigned counted = 0;
  for (unsigned number = 1; counted < options.rounds; ++number) {
    const fs::path round = folder / std::to_string(number);
    if (fs::exists(round) && !fs::exists(round / result_file)) continue;  // one that was interrupted
    if (!fs::exists(round)) {
      std::cout << fmt::format("\n==== round {} of {}\n", counted + 1, options.rounds) << std::flush;
      if (!verify_into(round, verify)) return std::nullopt;
    }
    ++counted;
    const RunResult run = run_from_json(RunFolder(round).read_text(result_file));
    if (run.question != Question::as_expected) throw Error(round.string() + " was not made by `offlab verify`");
    remove_captures(round, run.cases);
    rates.count(run.cases);
  }
  std::cout << "\n" << clean_text(options.markdown ? markdown(rates) : describe(rates));
  return rates.outcome();
}

}  // namespace

int selftest_command(const SelftestOptions& options) {
  const Outcome defects = try_defects(options);
  if (options.rounds == 0) return exit_code(defects);
  const auto labs = try_labs(options);
  return labs ? exit_code(combine({defects, *labs})) : interrupted_status;
}

}  // namespace offlab
