// One run of the program, from its command line to what it leaves in its folder.
#pragma once

#include <string>
#include <vector>

#include <offlab/lab.h>

namespace offlab::library {

// "RUNS/20260101-120000-NAME-PID-1": no other one of this process or of another one on this host.
std::string new_run_folder(const Options& options, const std::string& name);

// The topology's name, or "library".
std::string name_in_folders(const Topology& topology);

// A pattern of --case that only this id matches.
std::string exactly(const std::string& id);

// `offlab run` or `verify` with these arguments. Throws Failure where it leaves no result.
RunResult asked_run(const Options& options, Question question, const std::string& name,
                    std::vector<std::string> arguments);

}  // namespace offlab::library
