#include <map>

#include <fmt/ranges.h>

#include "base/shell_words.h"
#include "manual/completion.h"

namespace offlab {
namespace {

constexpr const char* beginning = R"(# bash completion of offlab: source <(offlab completion bash)

# $1: what kind of paths, $2: the word so far
_offlab_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  case $1 in
    file) COMPREPLY+=($(compgen -f -- "$2")) ;;
    folder) COMPREPLY+=($(compgen -d -- "$2")) ;;
    topology) COMPREPLY+=($(compgen -d -- "$2") $(compgen -f -X '!*.toml' -- "$2")) ;;
  esac
}

_offlab() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local path=offlab value= options= others= one i
  COMPREPLY=()
  # `--option=value` is three words to bash.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$path ${COMP_WORDS[i]}" in
)";

constexpr const char* before_values = R"(        path="$path ${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path $before" in
)";

constexpr const char* before_commands = R"(  esac
  case $path in
)";

constexpr const char* end = R"(  esac
  if [[ -z $value ]]; then
    if [[ $word == -* || -z $others ]]; then value=$options; else value=$others; fi
  fi
  for one in $value; do
    case $one in
      :*) _offlab_paths "${one#:}" "$word" ;;
      "$word"*) COMPREPLY+=("$one") ;;
    esac
  done
}
complete -F _offlab offlab
)";

// What a value is: its words, or the kind of paths behind a colon.
std::string value_words(const CommandOption& option) {
  switch (option.kind) {
    case ValueKind::word:
      return fmt::format("{}", fmt::join(option.words, " "));
    case ValueKind::file:
      return ":file";
    case ValueKind::topology:
      return ":topology";
    case ValueKind::folder:
      return ":folder";
    default:
      return ":text";
  }
}

std::string patterns(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& one : words) text += fmt::format("{}    '{}'", text.empty() ? "" : " | \\\n", one);
  return text + ")";
}

// Each value, and behind which options it stands.
std::string table_of_values(const std::vector<const Command*>& commands) {
  std::map<std::string, std::vector<std::string>> places;
  for (const Command* command : commands)
    for (const CommandOption& option : command->options)
      for (const std::string& name : option.names)
        if (option.kind != ValueKind::none) places[value_words(option)].push_back(words_of(*command) + " " + name);
  std::string text;
  for (const auto& [value, where] : places)
    text += fmt::format("{} value={} ;;\n", patterns(where), shell_quoted(value));
  return text;
}

std::string table_of_commands(const std::vector<const Command*>& commands) {
  std::string text;
  for (const Command* command : commands) {
    std::vector<std::string> options;
    std::vector<std::string> others;
    for (const Command& below : command->commands) others.push_back(below.path.back());
    for (const CommandOption& option : command->options) {
      options.insert(options.end(), option.names.begin(), option.names.end());
      if (!option.argument.empty()) others.push_back(value_words(option));
    }
    text += fmt::format("{}\n      options={}\n      others={} ;;\n", patterns({words_of(*command)}),
                        shell_quoted(fmt::format("{}", fmt::join(options, " "))),
                        shell_quoted(fmt::format("{}", fmt::join(others, " "))));
  }
  return text;
}

}  // namespace

std::string bash_completion(const Command& program) {
  const std::vector<const Command*> commands = with_all_below(program);
  std::vector<std::string> paths;
  for (const Command* command : commands)
    if (command != &program) paths.push_back(words_of(*command));
  return beginning + patterns(paths) + "\n" + before_values + table_of_values(commands) + before_commands +
         table_of_commands(commands) + end;
}

}  // namespace offlab
