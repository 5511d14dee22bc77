#include "cli/command_line_reader.h"

#include <algorithm>
#include <ranges>
#include <string_view>

namespace offlab {
namespace {

constexpr std::string_view exit_status_word = "Exit status: ";

ValueKind kind_of(std::string type) {
  if (type.ends_with("...")) type.resize(type.size() - 3);
  if (type == "TOML") return ValueKind::topology;
  if (type == "FILE" || type == "PLACE" || type == "BEFORE AFTER") return ValueKind::file;
  if (type == "DIR" || type == "RUN" || type == "NIGHT") return ValueKind::folder;
  return ValueKind::text;
}

// What CLI11's own types are called in pages.
std::string value_name(const std::string& type) {
  if (type == "INT" || type == "UINT") return "N";
  return type == "FLOAT" ? "NUMBER" : type;
}

// What the value's checks say: "{fail,pass}", "INT in [1 - 999]".
std::vector<std::string> checks_of(CLI::Option& option) {
  std::vector<std::string> checks;
  try {
    for (int i = 0;; ++i) checks.push_back(option.get_validator(i)->get_description());
  } catch (const CLI::OptionNotFound&) {  // there are no more; nothing else tells how many
  }
  return checks;
}

void add_check(const std::string& check, CommandOption& option) {
  if (check.starts_with('{') && check.ends_with('}')) {
    option.kind = ValueKind::word;
    option.words = CLI::detail::split(check.substr(1, check.size() - 2), ',');
  } else if (const auto range = check.find(" in ["); range != std::string::npos) {
    option.limits = check.substr(range + 5, check.size() - range - 6);
  }
}

CommandOption read_option(CLI::Option& option) {
  CommandOption read;
  for (const std::string& name : option.get_snames()) read.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) read.names.push_back("--" + name);
  if (option.get_positional()) read.argument = option.get_name(true, false);
  read.description = option.get_description();
  read.required = option.get_required();
  read.repeated = option.get_items_expected_max() >= CLI::detail::expected_max_vector_size;
  if (option.get_type_size_max() == 0 || option.get_expected_max() == 0) return read;  // a flag
  std::string type = option.get_type_name();
  const std::vector<std::string> checks = checks_of(option);
  for (const std::string& check : checks | std::views::reverse)
    if (type.ends_with(":" + check)) type.resize(type.size() - check.size() - 1);
  read.kind = kind_of(type);
  read.value = value_name(type);
  read.preset = option.get_default_str();
  for (const std::string& check : checks) add_check(check, read);
  return read;
}

void add_footer(std::string footer, Command& command) {
  std::replace(footer.begin(), footer.end(), '\n', ' ');
  const std::size_t statuses = footer.find(exit_status_word);
  if (statuses != std::string::npos) {
    command.exit_status = footer.substr(statuses + exit_status_word.size());
    if (command.exit_status.ends_with('.')) command.exit_status.pop_back();
    footer.resize(statuses);
  }
  while (footer.ends_with(' ')) footer.pop_back();
  command.footer = footer;
}

Command read_command(CLI::App& app, std::vector<std::string> path) {
  path.push_back(app.get_name());
  Command command;
  command.path = path;
  command.description = app.get_description();
  command.passes_on = app.get_prefix_command();
  add_footer(app.get_footer(), command);
  for (CLI::Option* option : app.get_options({}))
    if (!option->get_group().empty()) command.options.push_back(read_option(*option));
  for (CLI::App* below : app.get_subcommands({}))
    if (!below->get_group().empty()) command.commands.push_back(read_command(*below, path));
  return command;
}

}  // namespace

Command read_command_line(CLI::App& app) {
  return read_command(app, {});
}

}  // namespace offlab
