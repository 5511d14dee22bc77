#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/distributions.h"
#include "base/usage_error.h"
#include "cli/asked_formats.h"
#include "cli/commands.h"
#include "cli/existing_run.h"
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
  // A repetition is known to its run alone.
  ScenarioOptions scenario = options.scenario;
  scenario.repeat = 1;
  Case first = loaded.cases.front();
  if (options.scenario.repeat > 1) first.id.resize(first.id.rfind(",repeat="));
  return start_staying_lab(blueprint_for(first, scenario),
                           {.accelerator = options.session.accelerator, .cold = options.session.cold}, terminal)
      .name;
}

// Of repetitions.
std::string failed_share(const RunResult& run) {
  unsigned failed = 0;
  unsigned judged = 0;
  for (const CaseResult& one : run.cases) {
    if (one.outcome == Outcome::fail) ++failed;
    if (one.outcome == Outcome::fail || one.outcome == Outcome::pass) ++judged;
  }
  if (judged == 0) return "";
  const RateInterval rate = jeffreys_interval(failed, judged);
  return fmt::format("{} of {} failed: {:.1f} % (95 % interval: {:.1f} to {:.1f} %)\n", failed, judged,
                     100.0 * failed / judged, 100 * rate.low, 100 * rate.high);
}

void show_end(const SessionResult& session, Terminal& terminal) {
  terminal.text(session.interrupted ? clean_format("interrupted; what was seen is in {0}\ngo on with --resume {0}\n",
                                                   session.folder.string())
                                    : console_summary(session.run, session.folder));
}

// Of its formats, too: what cannot be written is no success.
void tell_end(const SessionResult& session, const AskedFormats& formats, Terminal& terminal) {
  formats.write(session.run, session.folder, terminal);
  terminal.ended({.outcome = session.run.outcome,
                  .exit_status = session_exit_code(session),
                  .interrupted = session.interrupted,
                  .folder = session.folder},
                 &session.run);
}

int run(const RunOptions& options, Question question, const AskedFormats& formats, Terminal& terminal) {
  if (!options.session.resume.empty()) {
    const SessionResult session = resume_run(options.session, terminal, true);
    show_end(session, terminal);
    tell_end(session, formats, terminal);
    return session_exit_code(session);
  }
  const LoadedScenario loaded = load_scenario(options.scenario);
  if (loaded.budget_seconds && !options.session.lab.empty())
    throw UsageError("error: --budget is for labs of the run's own; a lab that stays goes through all cases\n");
  RunChoices place = options.session;
  if (is_existing(loaded.scenario.topology)) refuse_options_of_labs(place);
  if (place.keep) place.lab = start_lab(options, loaded, terminal);
  const SessionResult session = run_scenario(loaded, question, place, terminal, true);
  show_end(session, terminal);
  if (options.scenario.repeat > 1) terminal.text(failed_share(session.run));
  tell_end(session, formats, terminal);
  if (place.keep) terminal.text("\n" + how_to_use(LabRegistry(cache_folder()).read(place.lab)));
  return session_exit_code(session);
}

}  // namespace

int run_command(const RunOptions& options, Question question) {
  if (options.scenario.file.empty() == options.session.resume.empty())
    throw UsageError("error: name a topology file, or the folder of a run with --resume, and not both\n");
  const AskedFormats formats(options.formats);
  formats.refuse_stdout_beside(options.session.display);
  Terminal terminal(options.session.display);
  if (formats.takes_stdout()) terminal.text_to_stderr();
  return terminal.whole([&] { return run(options, question, formats, terminal); });
}

}  // namespace offlab
