#include "cli/commands.h"
#include "record/run_folder.h"
#include "report/console.h"
#include "runner/run_matrix.h"

namespace offlab {

int judge_command(const JudgeOptions& options) {
  const RunFolder folder = RunFolder::open(options.folder);
  const RunResult run = judge_run(folder.read_plan(), folder);
  write_reports(run, folder);
  Terminal terminal;
  for (const CaseResult& one : run.cases) terminal.text(console_case(one, options.verbose));
  terminal.text(console_summary(run, folder.path()));
  return exit_code(run.outcome);
}

}  // namespace offlab
