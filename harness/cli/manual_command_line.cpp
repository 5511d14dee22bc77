#include "cli/command_line_reader.h"
#include "cli/command_words.h"
#include "cli/manual_commands.h"

namespace offlab {
namespace {

// Whoever is chosen describes the whole command line, which is gone when it runs.
template <typename Options>
void read_into(CLI::App& app, CLI::App& command, CommandBody& chosen, std::shared_ptr<Options> options,
               int (*run)(const Command&, const Options&)) {
  command.callback([&app, &chosen, options, run] {
    chosen = [program = read_command_line(app), options, run] { return run(program, *options); };
  });
}

void add_man(CLI::App& app, CommandBody& chosen) {
  const auto options = std::make_shared<ManOptions>();
  CLI::App* command = app.add_subcommand("man", "Prints a man page: `offlab man run | man -l -`.");
  CLI::Option* name = command->add_option("command", options->command, "Of this command (default: of offlab)");
  command->add_option("--all", options->folder, "Write all pages into this folder, offlab.1 and offlab-COMMAND.1")
      ->type_name("DIR")
      ->excludes(name);
  read_into(app, *command, chosen, options, man_command);
}

void add_completion(CLI::App& app, CommandBody& chosen) {
  const auto options = std::make_shared<CompletionOptions>();
  CLI::App* command = app.add_subcommand(
      "completion", "Prints the completion of this command line for a shell (docs/terminal.md says where to put it).");
  command->add_option("shell", options->shell, "The shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  read_into(app, *command, chosen, options, completion_command);
}

}  // namespace

void add_manual_commands(CLI::App& app, CommandBody& chosen) {
  add_man(app, chosen);
  add_completion(app, chosen);
}

}  // namespace offlab
