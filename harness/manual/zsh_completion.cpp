#include <fmt/ranges.h>

#include "base/shell_words.h"
#include "manual/completion.h"

namespace offlab {
namespace {

constexpr const char* beginning = R"(#compdef offlab
# zsh completion of offlab: as _offlab in a folder of $fpath, or after compinit: source <(offlab completion zsh)
compdef _offlab offlab
)";

constexpr const char* end = R"(
# When it is sourced nothing is completed yet.
if [[ ${funcstack[1]} == _offlab ]]; then _offlab "$@"; fi
)";

// Source: zshcompsys(1), _arguments: what ends a part of a specification.
std::string part(const std::string& text) {
  std::string result;
  for (const char one : text) {
    if (one == '\\' || one == ':' || one == '[' || one == ']') result += '\\';
    result += one == '\n' ? ' ' : one;
  }
  return result;
}

std::string function_of(const Command& command) {
  return fmt::format("_{}", fmt::join(command.path, "_"));
}

std::string action(const CommandOption& option) {
  switch (option.kind) {
    case ValueKind::word:
      return fmt::format("({})", fmt::join(option.words, " "));
    case ValueKind::file:
      return "_files";
    case ValueKind::topology:
      return "_files -g \"*.toml\"";
    case ValueKind::folder:
      return "_files -/";
    default:
      return " ";
  }
}

// "(-v --verbose)--verbose[Show every finding]", "*--case=[...]:GLOB: ".
std::vector<std::string> option_specs(const CommandOption& option) {
  std::vector<std::string> specs;
  for (const std::string& name : option.names) {
    std::string spec;
    if (option.repeated)
      spec = "*";
    else if (option.names.size() > 1)
      spec = fmt::format("({})", fmt::join(option.names, " "));
    const bool is_long = name.starts_with("--");
    spec += name + (option.kind == ValueKind::none ? "" : is_long ? "=" : "+");
    spec += "[" + part(option.description) + "]";
    if (option.kind != ValueKind::none)
      spec += fmt::format(":{}:{}", option.kind == ValueKind::word ? "value" : part(option.value), action(option));
    specs.push_back(spec);
  }
  return specs;
}

std::string argument_spec(const CommandOption& option) {
  const char* place = option.repeated ? "*:" : option.required ? ":" : "::";
  return fmt::format("{}{}:{}", place, part(option.argument), action(option));
}

std::string specs_of(const Command& command) {
  std::vector<std::string> specs;
  for (const CommandOption& option : command.options)
    for (const std::string& spec : option_specs(option)) specs.push_back(spec);
  for (const CommandOption& option : command.options)
    if (!option.argument.empty()) specs.push_back(argument_spec(option));
  if (command.passes_on) specs.emplace_back("*:: :");
  if (!command.commands.empty()) specs.insert(specs.end(), {"1: :->command", "*:: :->words"});
  std::string text;
  for (const std::string& spec : specs) text += " \\\n    " + shell_quoted(spec);
  return text;
}

std::string choice_of_commands(const Command& command) {
  std::string names;
  std::string calls;
  for (const Command& below : command.commands) {
    names += fmt::format("        {}\n", shell_quoted(below.path.back() + ":" + part(below.description)));
    calls += fmt::format("        {}) {} ;;\n", below.path.back(), function_of(below));
  }
  return fmt::format(R"(  case $state in
    command)
      local -a commands=(
{}      )
      _describe command commands ;;
    words)
      case ${{line[1]}} in
{}      esac ;;
  esac
)",
                     names, calls);
}

std::string function(const Command& command) {
  std::string text = fmt::format("\n{}() {{\n", function_of(command));
  if (!command.commands.empty()) text += "  local curcontext=\"$curcontext\" state line\n";
  text += fmt::format("  _arguments -s{}{}\n", command.commands.empty() ? "" : " -C", specs_of(command));
  if (!command.commands.empty()) text += choice_of_commands(command);
  return text + "}\n";
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string text = beginning;
  for (const Command* command : with_all_below(program)) text += function(*command);
  return text + end;
}

}  // namespace offlab
