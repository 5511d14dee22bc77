// Running a scenario with a terminal to look at, as run, verify and demo do it.
#pragma once

#include <string>

#include "cli/terminal.h"
#include "model/verdict.h"
#include "session/run_session.h"
#include "session/scenario_file.h"

namespace offlab {

struct RunChoices {
  std::string out;
  std::string accelerator = "auto";
  bool cold = false;               // boots every guest, uses and saves no state
  std::string image_digests = {};  // images of these digests (own_labs.h)
  Display display = {};
  bool yes = false;                      // agrees to what is changed on existing machines
  std::string until = {};                // "fail", "pass": the run ends with the first such case
  std::string shard = {};                // "2/4": only these cases
  std::string resume = {};               // the folder of a run that did not end
  std::string lab;                       // a lab that runs; empty: labs of the run's own
  bool keep = false;                     // the run's lab stays (run and verify)
  unsigned jobs = 0;                     // labs at a time (own_labs.h)
  std::string hosts = {};                // a file of hosts that the labs run on, instead of this one
  std::vector<std::string> tags = {};    // only those of them that have all of these
  std::string connect = {};              // a libvirt that starts the guests, instead of offlab's own: its URI
  std::string executor = "local";        // "slurm": tasks of a job array
  std::string partition = {};            // of Slurm
  std::vector<std::string> sbatch = {};  // further options of sbatch
  unsigned retries = 0;                  // how often a case is tried again, in a fresh lab, when its lab broke in it
};

// Shows what labs do, and with `show_cases` each verdict as it comes.
class TerminalListener : public RunListener {
 public:
  TerminalListener(Terminal& terminal, bool show_cases) : terminal_(terminal), show_cases_(show_cases) {}

  void on(const Event& event) override { terminal_.on(event); }
  void on_plan(const RunPlan& plan) override { terminal_.expect(plan); }
  void on_result(const CaseResult& result, Question question) override {
    terminal_.result(result, question, show_cases_);
  }

 private:
  Terminal& terminal_;
  bool show_cases_;
};

// Goes on with a run. `show_cases`: tell each verdict as it comes.
SessionResult resume_run(const RunChoices& options, Terminal& terminal, bool show_cases);

// The same of a scenario.
SessionResult run_scenario(const LoadedScenario& loaded, Question question, const RunChoices& options,
                           Terminal& terminal, bool show_cases);

}  // namespace offlab
