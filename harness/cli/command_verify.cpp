#include <filesystem>

#include "cli/commands.h"
#include "cli/suite.h"

namespace offlab {

int verify_command(const RunOptions& options) {
  if (std::filesystem::is_directory(options.scenario.file)) return verify_suite(options);
  return run_command(options, Question::as_expected);
}

}  // namespace offlab
