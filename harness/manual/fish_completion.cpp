#include <fmt/ranges.h>

#include "manual/completion.h"

namespace offlab {
namespace {

constexpr const char* beginning = R"(# fish completion of offlab: offlab completion fish | source

# Do the words so far name this command?
function __offlab_at
    set -l path offlab
    for word in (commandline -opc)[2..-1]
        switch "$path $word"
            case)";

constexpr const char* middle = R"(
                set path "$path $word"
        end
    end
    test "$path" = "$argv"
end

complete -c offlab -f
)";

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char one : text) {
    if (one == '\\' || one == '\'') result += '\\';
    result += one == '\n' ? ' ' : one;
  }
  return result + "'";
}

std::string line(const Command& command, const std::string& what) {
  return fmt::format("complete -c offlab -n '__offlab_at {}'{}\n", words_of(command), what);
}

// The value behind an option, or an argument.
std::string value_of(const CommandOption& option, const char* needed) {
  switch (option.kind) {
    case ValueKind::none:
      return "";
    case ValueKind::word:
      return fmt::format(" {}-a {}", needed, quoted(fmt::format("{}", fmt::join(option.words, " "))));
    case ValueKind::file:
      return *needed == '\0' ? " -F" : " -r -F";
    case ValueKind::topology:
      return fmt::format(" {}-a '(__fish_complete_suffix .toml)'", needed);
    case ValueKind::folder:
      return fmt::format(" {}-a '(__fish_complete_directories)'", needed);
    case ValueKind::text:
      return *needed == '\0' ? "" : " -x";
  }
  return "";
}

std::string option_line(const Command& command, const CommandOption& option) {
  std::string what;
  for (const std::string& name : option.names)
    what += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return line(command, what + value_of(option, "-x ") + " -d " + quoted(option.description));
}

std::string lines_of(const Command& command) {
  std::string text;
  for (const Command& below : command.commands)
    text += line(command, " -a " + below.path.back() + " -d " + quoted(below.description));
  for (const CommandOption& option : command.options) {
    if (!option.names.empty()) text += option_line(command, option);
    const std::string value = option.argument.empty() ? "" : value_of(option, "");
    if (!value.empty()) text += line(command, value);
  }
  return text;
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string text = beginning;
  const std::vector<const Command*> commands = with_all_below(program);
  for (const Command* command : commands)
    if (command != &program) text += " " + quoted(words_of(*command));
  text += middle;
  for (const Command* command : commands) text += lines_of(*command);
  return text;
}

}  // namespace offlab
