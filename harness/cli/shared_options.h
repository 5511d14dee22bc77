// Options that several commands have.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/run_scenario.h"
#include "session/scenario_file.h"

namespace offlab {

// What is said of a topology file as an argument.
inline constexpr const char* one_file = "Topology file (TOML), for example topologies/vmxnet3-router.toml";
inline constexpr const char* file_or_folder =
    "Topology file (TOML), or a folder: every *.toml in it, for example topologies/hazards";

// The file, which is given back, and which of its cases are meant.
CLI::Option* add_scenario_options(CLI::App& command, ScenarioOptions& options, const char* what);

// --extend-anywhere, of every command that reads topology files.
void add_reach_option(CLI::App& command, bool& extend_anywhere);

// -q, -v and --color: how much is shown, and how.
void add_display_options(CLI::App& command, Display& display);
// The latter alone, and -v: of commands that judge what was recorded.
void add_judging_display_options(CLI::App& command, Display& display);

// --accel and --cold: how guests are started.
void add_start_options(CLI::App& command, std::string& accelerator, bool& cold);

// Where a run is kept, how its guests are started, and how much of it is shown.
void add_session_options(CLI::App& command, RunChoices& options);

// --format, of every command that has a run's result.
void add_format_option(CLI::App& command, std::vector<std::string>& formats);

void add_jobs(CLI::App& command, unsigned& jobs);

// --hosts and --tag. After --jobs and --accel.
CLI::Option* add_hosts(CLI::App& command, std::string& hosts, std::vector<std::string>& tags);

}  // namespace offlab
