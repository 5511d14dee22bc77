#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/number_words.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "session/host_pool.h"
#include "session/named_files.h"
#include "session/night_session.h"
#include "setting/setting.h"

namespace offlab {
namespace {

// Which kind of file it is: campaigns have parts, files of lab hosts have hosts.
bool has_table(const std::string& file, const std::string& name) {
  const std::string text = "\n" + read_named_file(file);
  return text.find("\n[[" + name + "]]") != std::string::npos;
}

void validate_campaign(const std::string& file) {
  const std::vector<NightPart> parts = check_campaign(file);
  std::size_t cases = 0;
  for (const NightPart& part : parts) cases += part.cases.size();
  clean_print(stdout, "{}: ok, {}, {}\n", file, count_of(parts.size(), "part", "parts"),
              count_of(cases, "case", "cases"));
}

}  // namespace

int validate_command(const ValidateOptions& options) {
  std::string mistakes;
  for (const std::string& file : options.files) {
    try {
      if (has_table(file, "part")) {
        validate_campaign(file);
        continue;
      }
      if (has_table(file, "host")) {
        clean_print(stdout, "{}: ok, {}\n", file, count_of(load_hosts({.file = file}).size(), "host", "hosts"));
        continue;
      }
      ScenarioOptions scenario;
      scenario.file = file;
      scenario.extend_anywhere = options.extend_anywhere;
      const LoadedScenario loaded = load_scenario(scenario);
      clean_print(stdout, "{}: ok, {}\n", file, count_of(loaded.cases.size(), "case", "cases"));
      for (const std::string& one : missing_files(loaded)) clean_print(stdout, "{}: note: {}\n", file, one);
      if (options.settings) fmt::print("{}", describe_settings(loaded.scenario.topology));
    } catch (const UsageError& error) {
      mistakes += error.what();
    }
  }
  if (!mistakes.empty()) throw UsageError(mistakes);
  return 0;
}

}  // namespace offlab
