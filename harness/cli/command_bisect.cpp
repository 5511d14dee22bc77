#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "report/bisect_page.h"
#include "session/paths.h"

namespace offlab {
namespace {

constexpr int undecided_status = 4;

}  // namespace

int bisect_command(const BisectCommandOptions& options) {
  const LoadedScenario loaded = load_scenario(options.scenario);
  const BisectCases cases(loaded, options.bisect);
  const RunFolder folder = as_usage([&] {
    return RunFolder::create(options.bisect.out.empty() ? default_run_folder(loaded.scenario.name + "-bisect")
                                                        : std::filesystem::path(options.bisect.out));
  });
  Terminal terminal;
  TerminalListener listener(terminal, false, false);
  std::size_t number = 0;
  try {
    const BisectReport report =
        run_bisect_session(loaded, cases, options.bisect, folder.path(), listener,
                           [&](const BisectStep& step) { terminal.text(bisect_step_line(++number, step)); });
    terminal.text(bisect_page(report, folder.path().string()));
    return report.end == SearchEnd::proven ? 0 : undecided_status;
  } catch (const Interrupted&) {
    terminal.text(clean_format("interrupted; what was seen is in {}\n", folder.path().string()));
    return interrupted_status;
  }
}

}  // namespace offlab
