#include <filesystem>

#include "base/usage_error.h"
#include "cli/commands.h"
#include "report/console.h"
#include "runner/run_matrix.h"
#include "session/merge_runs.h"
#include "session/paths.h"

namespace offlab {

int merge_command(const MergeOptions& options) {
  const RunFolder folder = as_usage([&] {
    return RunFolder::create(options.out.empty() ? default_run_folder("merged") : std::filesystem::path(options.out));
  });
  try {
    merge_runs(options.runs, folder);
  } catch (...) {
    // Half a run must not look like one.
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      std::filesystem::remove_all(entry.path());
    std::filesystem::remove(folder.path());
    throw;
  }
  const RunResult run = judge_run(folder.read_plan(), folder);
  write_reports(run, folder);
  Terminal terminal;
  for (const CaseResult& one : run.cases) terminal.text(console_case(one, run.question, options.verbose));
  terminal.text(console_summary(run, folder.path().string()));
  return exit_code(run.outcome);
}

}  // namespace offlab
