// A shell script cut into its commands: enough of sh for what the lab writes. No loops, no functions, no expansion.
#pragma once

#include <string>
#include <vector>

namespace offlab {

struct ShellCommand {
  enum class Join { always, if_ok, if_failed };  // ; or newline, &&, ||

  Join join = Join::always;
  std::vector<std::string> words;  // without quotes; "{" and "}" are words of their own
  std::string input;               // file it reads: < FILE
  std::string output;              // file it writes: > FILE, "&2"
  std::string here;                // text of a here document
};

std::vector<ShellCommand> shell_commands(const std::string& script);

}  // namespace offlab
