#include "cli/commands.h"
#include "report/console.h"

namespace offlab {

int run_command(const RunOptions& options, Question question) {
  Terminal terminal;
  const LoadedScenario loaded = load_scenario(options.scenario);
  const SessionResult session = run_session(loaded, question, options.session, terminal, true);
  terminal.text(session.interrupted ? "interrupted; what was seen is in " + session.folder.string() + "\n"
                                    : console_summary(session.run, session.folder));
  return session_exit_code(session);
}

}  // namespace offlab
