#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "setting/setting.h"

namespace offlab {

int validate_command(const ValidateOptions& options) {
  std::string mistakes;
  for (const std::string& file : options.files) {
    try {
      ScenarioOptions scenario;
      scenario.file = file;
      scenario.extend_anywhere = options.extend_anywhere;
      const LoadedScenario loaded = load_scenario(scenario);
      clean_print(stdout, "{}: ok, {} case{}\n", file, loaded.cases.size(), loaded.cases.size() == 1 ? "" : "s");
      if (options.settings) fmt::print("{}", describe_settings(loaded.scenario.topology));
    } catch (const UsageError& error) {
      mistakes += error.what();
    }
  }
  if (!mistakes.empty()) throw UsageError(mistakes);
  return 0;
}

}  // namespace offlab
