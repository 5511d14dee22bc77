#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/lab_commands.h"
#include "cli/terminal.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "staying/switch_settings.h"

namespace offlab {
namespace {

std::vector<SettingText> parse_settings(const std::vector<std::string>& words) {
  std::vector<SettingText> settings;
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size())
      throw UsageError(fmt::format("error: '{}' is not KEY=VALUE\n", word));
    settings.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return settings;
}

}  // namespace

int set_command(const SetOptions& options) {
  const std::vector<SettingText> settings = parse_settings(options.settings);
  const LabRegistry registry(cache_folder());
  const ChosenLab lab = choose_lab(registry, options.lab);
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  Terminal terminal;
  std::string mistakes;
  for (const SettingReadBack& one : switch_settings(registry, lab, settings, terminal, signals.token())) {
    clean_print(stdout, "{} = {}\n", one.key, one.value);
    if (!one.as_wanted) mistakes += " " + one.key;
  }
  if (!mistakes.empty()) throw Error("did not read back as it was set:" + mistakes);
  return 0;
}

}  // namespace offlab
