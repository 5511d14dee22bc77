#include "cli/run_scenario.h"

#include "plan/make_plan.h"
#include "report/console.h"
#include "session/own_labs.h"
#include "staying/lab_of_run.h"

namespace offlab {
namespace {

class TerminalListener : public RunListener {
 public:
  TerminalListener(Terminal& terminal, bool show_cases, bool verbose)
      : terminal_(terminal), show_cases_(show_cases), verbose_(verbose) {}

  void on(const Event& event) override { terminal_.on(event); }
  void on_plan(const RunPlan& plan) override { terminal_.expect(plan); }
  void on_result(const CaseResult& result, Question question) override {
    if (show_cases_) terminal_.text(console_case(result, question, verbose_));
  }

 private:
  Terminal& terminal_;
  bool show_cases_;
  bool verbose_;
};

}  // namespace

SessionResult run_scenario(const LoadedScenario& loaded, Question question, const RunChoices& options,
                           Terminal& terminal, bool show_cases) {
  const auto place =
      options.lab.empty() ? own_labs(options.accelerator, options.cold) : running_lab(options.lab, loaded.cases);
  const RunPlan plan = make_plan(loaded.scenario, loaded.cases, question, place->observable());
  TerminalListener listener(terminal, show_cases, options.verbose);
  return run_session(plan, loaded.files, {options.out, options.retries, loaded.budget_seconds, loaded.last}, *place,
                     listener);
}

}  // namespace offlab
