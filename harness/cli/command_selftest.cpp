#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "record/run_folder.h"
#include "runner/run_case.h"
#include "selftest/mutation_table.h"

namespace offlab {
namespace {

const CasePlan& healthy_case(const RunPlan& plan, const RunFolder& folder) {
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      if (judge_recorded_case(one, folder, plan).fault_class == FaultClass::healthy) return one;
  throw Error("the recording has no healthy case", "record one: offlab run topologies/vmxnet3-router.toml");
}

}  // namespace

int selftest_command(const SelftestOptions& options) {
  const RunFolder folder = RunFolder::open(options.recording.empty() ? shipped_file("tests/data/recorded-run")
                                                                     : std::filesystem::path(options.recording));
  const RunPlan plan = folder.read_plan();
  const CasePlan& healthy = healthy_case(plan, folder);
  const MutationTable table = try_mutations(read_recorded_leg(folder, healthy, LegRole::measured),
                                            read_recorded_leg(folder, healthy, LegRole::control), plan.measure);
  std::cout << (options.markdown ? markdown(table) : describe(table));
  return exit_code(table.holds() ? Outcome::pass : Outcome::fail);
}

}  // namespace offlab
