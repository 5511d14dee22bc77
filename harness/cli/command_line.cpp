#include "cli/command_line.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/version.h"
#include "cli/command_words.h"

namespace offlab {
namespace {

constexpr int usage_status = 2;

constexpr const char* about =
    "offlab tests whether a router VM survives coalesced packets (LRO): it builds client, router and server as "
    "virtual\n"
    "machines, switches offloads in the guest and on the hypervisor, drives bulk TCP through the router and judges "
    "it.\n\n"
    "New here? `offlab demo` shows the fault and its fix in a minute.";

constexpr const char* exit_codes =
    "Exit status: 0 pass, 1 fail (a fault was found), 2 usage or configuration, 3 error (the lab broke), 4 "
    "inconclusive,\n"
    "130 interrupted.";

// In the order in which CLI11 takes them: the last one first. `ssh NODE -- COMMAND`: what follows the node is the
// command with or without the dashes.
std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words[0] == "ssh" || words[0] == "exec")
    if (const auto dashes = std::find(words.begin(), words.end(), "--"); dashes != words.end()) words.erase(dashes);
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

std::variant<CommandBody, int> parse_command_line(int argc, const char* const* argv) {
  CLI::App app(about, "offlab");
  app.footer(exit_codes);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return "error: " + CLI::FailureMessage::simple(failed, error);
  });
  app.set_version_flag("--version", "offlab " + std::string(program_version()));
  CommandBody chosen;
  add_running_commands(app, chosen);
  add_comparing_commands(app, chosen);
  add_inspect_command(app, chosen);
  add_night_commands(app, chosen);
  add_lab_commands(app, chosen);
  add_evidence_commands(app, chosen);
  add_report_commands(app, chosen);
  add_file_commands(app, chosen);
  add_host_commands(app, chosen);
  add_store_commands(app, chosen);
  add_manual_commands(app, chosen);
  add_worker_commands(app, chosen);
  if (argc < 2) {
    std::cerr << app.help();
    return usage_status;
  }
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  const std::string word = argv[1];
  if (word[0] != '-' && std::find(commands.begin(), commands.end(), word) == commands.end()) {
    const std::string nearest = nearest_word(word, commands);
    std::cerr << "error: there is no command '" << word << "'"
              << (nearest.empty() ? "; see offlab --help" : "; did you mean '" + nearest + "'?") << "\n";
    return usage_status;
  }
  try {
    app.parse(words_of(argc, argv));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_status;
  }
  return chosen;
}

}  // namespace offlab
