// Running a planned scenario, as run, verify and demo do it.
#pragma once

#include <filesystem>
#include <string>

#include "cli/scenario_file.h"
#include "cli/terminal.h"
#include "model/verdict.h"

namespace offlab {

struct SessionOptions {
  std::string out;
  std::string accelerator = "auto";
  bool cold = false;  // boots every guest, uses and saves no state
  bool verbose = false;
  std::string lab;    // a lab that runs; empty: labs of the run's own
  bool keep = false;  // the run's lab stays (run and verify)
};

struct SessionResult {
  RunResult run;
  std::filesystem::path folder;
  bool interrupted = false;
};

// Checks the host, provides images, runs every case, writes run.json and junit.xml. `show_cases`: tell each verdict as
// it comes.
SessionResult run_session(const LoadedScenario& loaded, Question question, const SessionOptions& options,
                          Terminal& terminal, bool show_cases);

// run.json and junit.xml.
void write_reports(const RunResult& run, const RunFolder& folder);

// The exit status of a run (DESIGN, Contracts).
int session_exit_code(const SessionResult& session);

}  // namespace offlab
