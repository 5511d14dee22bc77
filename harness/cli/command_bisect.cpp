#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "cli/earlier_nights.h"
#include "report/bisect_page.h"
#include "session/paths.h"

namespace offlab {
namespace {

constexpr int undecided_status = 4;

std::string known_flakes(const CaseHistory& known) {
  if (!known.flake_rate)
    return clean_format("history: {} attempts at this case on this host are too few to know its flake rate\n",
                        known.attempts);
  return clean_format("history: {} attempts at this case on this host; a flake rate of {:.1f} % is assumed\n",
                      known.attempts, 100 * *known.flake_rate);
}

}  // namespace

int bisect_command(const BisectCommandOptions& options) {
  const LoadedScenario loaded = load_scenario(options.scenario);
  const EarlierNights nights(options.history, loaded);
  const CaseHistory known = nights.of(options.bisect.bad);
  BisectOptions bisect = options.bisect;
  if (known.flake_rate) bisect.flake_rate = *known.flake_rate;
  const BisectCases cases(loaded, bisect);
  const RunFolder folder = as_usage([&] {
    return RunFolder::create(bisect.out.empty() ? default_run_folder(loaded.scenario.name + "-bisect")
                                                : std::filesystem::path(bisect.out));
  });
  Terminal terminal(options.display);
  if (nights.are_known()) terminal.interim(known_flakes(known));
  TerminalListener listener(terminal, false);
  std::size_t number = 0;
  try {
    const BisectReport report =
        run_bisect_session(loaded, cases, bisect, folder.path(), listener,
                           [&](const BisectStep& step) { terminal.interim(bisect_step_line(++number, step)); });
    terminal.text(bisect_page(report, folder.path().string()));
    return report.end == SearchEnd::proven ? 0 : undecided_status;
  } catch (const Interrupted&) {
    terminal.text(clean_format("interrupted; what was seen is in {}\n", folder.path().string()));
    return interrupted_status;
  }
}

}  // namespace offlab
