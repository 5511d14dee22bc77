#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/usage_error.h"

namespace offlab {

int validate_command(const ValidateOptions& options) {
  std::string mistakes;
  for (const std::string& file : options.files) {
    try {
      ScenarioOptions scenario;
      scenario.file = file;
      const LoadedScenario loaded = load_scenario(scenario);
      fmt::print("{}: ok, {} cases\n", file, loaded.cases.size());
      if (options.settings)
        for (const std::string& key : setting_keys(loaded.scenario.topology)) fmt::print("  {}\n", key);
    } catch (const UsageError& error) {
      mistakes += error.what();
    }
  }
  if (!mistakes.empty()) throw UsageError(mistakes);
  return 0;
}

}  // namespace offlab
