#include <filesystem>

#include "cli/commands.h"
#include "cli/suite.h"

namespace offlab {

int verify_command(const RunOptions& options) {
  std::error_code unreadable;  // tells itself when the file is opened
  if (std::filesystem::is_directory(options.scenario.file, unreadable)) return verify_suite(options);
  return run_command(options, Question::as_expected);
}

}  // namespace offlab
