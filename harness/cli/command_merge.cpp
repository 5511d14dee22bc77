#include <filesystem>

#include "base/usage_error.h"
#include "cli/asked_formats.h"
#include "cli/commands.h"
#include "report/console.h"
#include "runner/case_profile.h"
#include "runner/run_matrix.h"
#include "session/merge_runs.h"
#include "session/paths.h"

namespace offlab {

int merge_command(const MergeOptions& options) {
  const AskedFormats formats(options.formats);
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
  const RunPlan plan = folder.read_plan();
  const RunResult run = judge_run(plan, folder);
  for (const CaseResult& one : run.cases) keep_profile(one, plan, folder, folder);
  write_reports(run, folder);
  Terminal terminal(options.display);
  if (formats.takes_stdout()) terminal.text_to_stderr();
  for (const CaseResult& one : run.cases) terminal.text(console_case(one, run.question, options.display.verbose));
  terminal.text(console_summary(run, folder.path().string()));
  formats.write(run, folder.path(), terminal);
  return exit_code(run.outcome);
}

}  // namespace offlab
