#include <cstdio>

#include <fmt/core.h>
#include <poll.h>

#include "base/error.h"
#include "base/units.h"
#include "base/usage_error.h"
#include "cli/lab_commands.h"
#include "cli/terminal.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {
namespace {

std::chrono::seconds patience_of(const std::string& text) {
  if (text.empty()) return std::chrono::seconds(0);
  const auto seconds = parse_duration_seconds(text);
  if (!seconds || *seconds < 0 || *seconds > 86400)
    throw UsageError(fmt::format("error: --wait {} is not a duration up to a day (examples: 30s, 10m)\n", text));
  return std::chrono::seconds(static_cast<long>(*seconds));
}

void end_if_there(const LabRegistry& registry, const std::string& name) {
  for (const RegisteredLab& lab : registry.labs())
    if (lab.name == name) end_lab(registry, lab);
}

// Until a signal ends it, or the lab ends by itself.
void stay(const StartedLab& lab) {
  const StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  pollfd supervisor{lab.caller.get(), POLLRDHUP, 0};
  while (!signals.asked())
    if (poll(&supervisor, 1, 100) == 1) throw Error(fmt::format("lab '{}' has ended by itself", lab.name));
  end_if_there(LabRegistry(cache_folder()), lab.name);
}

}  // namespace

int up_command(const UpOptions& options) {
  Terminal terminal;
  ScenarioOptions scenario;
  scenario.file = options.file;
  if (!options.case_glob.empty()) scenario.cases = {options.case_glob};
  scenario.extend_anywhere = options.extend_anywhere;
  const LabBlueprint blueprint = make_blueprint(scenario);
  const StartedLab lab = start_staying_lab(blueprint,
                                           {.name = options.name,
                                            .accelerator = options.accelerator,
                                            .cold = options.cold,
                                            .with_caller = options.foreground,
                                            .memory_patience = patience_of(options.wait)},
                                           terminal);
  terminal.text(how_to_use(LabRegistry(cache_folder()).read(lab.name)));
  std::fflush(stdout);  // whoever waits for the lab reads it
  if (options.foreground) stay(lab);
  return 0;
}

}  // namespace offlab
