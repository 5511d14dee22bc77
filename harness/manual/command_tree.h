// The commands of the program with their options, as its --help has them: what man pages and completions are made from.
#pragma once

#include <string>
#include <vector>

namespace offlab {

// What the value of an option or argument is, for a shell that completes it.
enum class ValueKind {
  none,      // it takes no value
  text,      // nothing a shell could know
  word,      // one of CommandOption::words
  file,      // any file
  topology,  // a topology file (*.toml), or a folder with some
  folder,    // a folder
};

// An option, an argument, or both: `down NAME` and `down --lab NAME` are the same.
struct CommandOption {
  std::vector<std::string> names = {};  // "-v", "--verbose"; empty for an argument alone
  std::string argument = {};            // its place on the line: "file"; empty for an option alone
  ValueKind kind = ValueKind::none;
  std::string value = {};               // what its value is called: "GLOB"
  std::vector<std::string> words = {};  // the only values it takes
  std::string limits = {};              // "1 - 999"
  std::string preset = {};              // the value it has without being given
  std::string description = {};
  bool required = false;
  bool repeated = false;  // as an argument: any number of them
};

struct Command {
  std::vector<std::string> path = {};  // "offlab", "host", "lro"
  std::string description = {};
  std::string exit_status = {};  // "0 pass, 1 fail (a fault was found)"; empty: as the program's
  std::string footer = {};       // what else --help says below the options
  bool passes_on = false;        // what follows the arguments belongs to another program
  std::vector<CommandOption> options = {};
  std::vector<Command> commands = {};
};

// "offlab host lro".
std::string words_of(const Command& command);
// A command and all below it, each before those below it.
std::vector<const Command*> with_all_below(const Command& command);
// The command of this name directly below; null when there is none.
const Command* command_named(const Command& parent, const std::string& name);

}  // namespace offlab
