#include "cli/agree.h"

#include <iostream>
#include <string>

#include <fmt/core.h>
#include <unistd.h>

#include "base/usage_error.h"

namespace offlab {

void agree(const char* question, bool yes) {
  if (yes) return;
  if (isatty(STDIN_FILENO) != 1) throw UsageError("error: nobody is here to agree to that\n  remedy: --yes\n");
  fmt::print(stderr, "{} [y/N] ", question);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "yes") throw UsageError("nothing was changed\n");
}

}  // namespace offlab
