// How a command joins the command line.
#pragma once

#include <functional>
#include <memory>

#include <CLI/CLI.hpp>

namespace offlab {

// What was chosen, ready to run; gives the exit status.
using CommandBody = std::function<int()>;

// A command with options of its own; they live as long as the body that uses them.
template <typename Options, typename Configure, typename Run>
void add_command(CLI::App& app, CommandBody& chosen, const char* name, const char* help, Configure configure, Run run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(name, help);
  configure(*command, *options);
  command->callback([options, run, &chosen] { chosen = [options, run] { return run(*options); }; });
}

// --extend-anywhere, of every command that reads topology files.
void add_reach_option(CLI::App& command, bool& extend_anywhere);

// up, list, status, ssh ...: lab_command_line.cpp.
void add_lab_commands(CLI::App& app, CommandBody& chosen);

}  // namespace offlab
