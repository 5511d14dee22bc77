#include "cli/run_scenario.h"

#include "plan/make_plan.h"
#include "report/console.h"
#include "session/own_labs.h"
#include "staying/lab_of_run.h"

namespace offlab {

void TerminalListener::on_result(const CaseResult& result, Question question) {
  if (show_cases_) terminal_.text(console_case(result, question, verbose_));
}

SessionResult resume_run(const RunChoices& options, Terminal& terminal, bool show_cases) {
  const auto place =
      own_labs({.accelerator = options.accelerator, .cold = options.cold, .image_digests = options.image_digests});
  TerminalListener listener(terminal, show_cases, options.verbose);
  return resume_session({.out = options.resume, .retries = options.retries}, *place, listener);
}

SessionResult run_scenario(const LoadedScenario& loaded, Question question, const RunChoices& options,
                           Terminal& terminal, bool show_cases) {
  const auto place =
      options.lab.empty()
          ? own_labs({.accelerator = options.accelerator, .cold = options.cold, .image_digests = options.image_digests})
          : running_lab(options.lab, loaded.cases);
  const RunPlan plan = make_plan(loaded.scenario, loaded.cases, question, place->observable());
  TerminalListener listener(terminal, show_cases, options.verbose);
  return run_session(plan, loaded.files, {options.out, options.retries, loaded.budget_seconds, loaded.last}, *place,
                     listener);
}

}  // namespace offlab
