#include "base/usage_error.h"
#include "cli/asked_formats.h"
#include "cli/commands.h"
#include "cli/judged_results.h"
#include "cli/suite.h"
#include "record/run_folder.h"
#include "report/console.h"
#include "runner/run_matrix.h"

namespace offlab {

int judge_command(const JudgeOptions& options) {
  const auto new_folder = [&]() -> std::optional<RunFolder> {
    if (options.out.empty()) return std::nullopt;
    return as_usage([&] { return RunFolder::create(options.out); });
  };
  const AskedFormats formats(options.formats);
  Terminal terminal(options.display);
  if (formats.takes_stdout()) terminal.text_to_stderr();
  if (is_suite_folder(options.folder)) return judge_suite(options, new_folder(), formats, terminal);
  const RunFolder folder = as_usage([&] { return RunFolder::open(options.folder); });
  const std::optional<RunFolder> out = new_folder();
  const RunPlan plan = folder.read_plan();
  const RunResult run = judge_run(plan, folder);
  keep_results(run, plan, folder, out, terminal);
  for (const CaseResult& one : run.cases) terminal.text(console_case(one, run.question, options.display.verbose));
  terminal.text(console_summary(run, ""));
  formats.write(run, folder.path(), terminal);
  return exit_code(run.outcome);
}

}  // namespace offlab
