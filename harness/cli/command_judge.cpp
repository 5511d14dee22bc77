#include "base/usage_error.h"
#include "cli/commands.h"
#include "cli/judged_results.h"
#include "cli/suite.h"
#include "record/run_folder.h"
#include "report/console.h"
#include "runner/run_matrix.h"

namespace offlab {

int judge_command(const JudgeOptions& options) {
  const bool suite = is_suite_folder(options.folder);
  const auto folder = as_usage([&] { return suite ? RunFolder(options.folder) : RunFolder::open(options.folder); });
  std::optional<RunFolder> out;
  if (!options.out.empty()) out = as_usage([&] { return RunFolder::create(options.out); });
  if (suite) return judge_suite(options.folder, out, options.verbose);
  const RunResult run = judge_run(folder.read_plan(), folder);
  Terminal terminal;
  keep_results(run, folder, out, terminal);
  for (const CaseResult& one : run.cases) terminal.text(console_case(one, run.question, options.verbose));
  terminal.text(console_summary(run, ""));
  return exit_code(run.outcome);
}

}  // namespace offlab
