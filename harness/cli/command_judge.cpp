#include "base/usage_error.h"
#include "cli/commands.h"
#include "cli/suite.h"
#include "record/run_folder.h"
#include "report/console.h"
#include "runner/annotate_findings.h"
#include "runner/run_matrix.h"

namespace offlab {

int judge_command(const JudgeOptions& options) {
  if (is_suite_folder(options.folder)) return judge_suite(options.folder, options.verbose);
  const RunFolder folder = as_usage([&] { return RunFolder::open(options.folder); });
  const RunResult run = judge_run(folder.read_plan(), folder);
  for (const CaseResult& one : run.cases) annotate_findings(one, folder);
  write_reports(run, folder);
  Terminal terminal;
  for (const CaseResult& one : run.cases) terminal.text(console_case(one, run.question, options.verbose));
  terminal.text(console_summary(run, ""));
  return exit_code(run.outcome);
}

}  // namespace offlab
