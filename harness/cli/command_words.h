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

// Each group of commands is in a file of its own, X_command_line.cpp.
void add_running_commands(CLI::App& app, CommandBody& chosen);    // run: demo, run, verify
void add_comparing_commands(CLI::App& app, CommandBody& chosen);  // comparison: gate, bisect
void add_night_commands(CLI::App& app, CommandBody& chosen);      // night: nightly, history, ack
void add_lab_commands(CLI::App& app, CommandBody& chosen);        // lab: up, list, status, ssh ...
void add_inspect_command(CLI::App& app, CommandBody& chosen);     // evidence: inspect
void add_evidence_commands(CLI::App& app, CommandBody& chosen);   // evidence: judge, merge, analyze, selftest
void add_report_commands(CLI::App& app, CommandBody& chosen);     // report: report, diff, bundle, replay
void add_file_commands(CLI::App& app, CommandBody& chosen);       // file: validate, plan, schema
void add_host_commands(CLI::App& app, CommandBody& chosen);       // host: put-back, host ...
void add_store_commands(CLI::App& app, CommandBody& chosen);      // store: cache, image
void add_manual_commands(CLI::App& app, CommandBody& chosen);     // manual: man, completion
void add_worker_commands(CLI::App& app, CommandBody& chosen);     // worker: agent, worker; not in --help

}  // namespace offlab
