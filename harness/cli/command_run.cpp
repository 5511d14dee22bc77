#include <fmt/core.h>

#include "base/usage_error.h"
#include "cli/commands.h"
#include "plan/make_plan.h"
#include "report/console.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {

namespace {

// Starts the lab of the run, to stay; its name.
std::string start_lab(const RunOptions& options, const LoadedScenario& loaded, Terminal& terminal) {
  const std::size_t labs = make_plan(loaded.scenario, loaded.cases, Question::healthy).labs.size();
  if (labs != 1)
    throw UsageError(
        fmt::format("error: --keep keeps one lab, and these cases need {}; narrow them with --case\n", labs));
  return start_staying_lab(blueprint_for(loaded.cases.front(), options.scenario), "", options.session.accelerator,
                           options.session.cold, terminal);
}

}  // namespace

int run_command(const RunOptions& options, Question question) {
  Terminal terminal;
  const LoadedScenario loaded = load_scenario(options.scenario);
  if (loaded.budget_seconds && !options.session.lab.empty())
    throw UsageError("error: --budget is for labs of the run's own; a lab that stays goes through all cases\n");
  RunChoices place = options.session;
  if (place.keep) place.lab = start_lab(options, loaded, terminal);
  const SessionResult session = run_scenario(loaded, question, place, terminal, true);
  terminal.text(session.interrupted ? "interrupted; what was seen is in " + session.folder.string() + "\n"
                                    : console_summary(session.run, session.folder));
  if (place.keep) terminal.text("\n" + how_to_use(LabRegistry(cache_folder()).read(place.lab)));
  return session_exit_code(session);
}

}  // namespace offlab
