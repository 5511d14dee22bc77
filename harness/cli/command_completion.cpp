#include <cstdio>

#include "cli/manual_commands.h"
#include "manual/completion.h"

namespace offlab {

int completion_command(const Command& program, const CompletionOptions& options) {
  const std::string script = options.shell == "bash"  ? bash_completion(program)
                             : options.shell == "zsh" ? zsh_completion(program)
                                                      : fish_completion(program);
  std::fputs(script.c_str(), stdout);
  return 0;
}

}  // namespace offlab
