// A gate carried out: its labs, its folder, its files.
#pragma once

#include <string>

#include "campaign/gate.h"
#include "session/run_session.h"
#include "session/scenario_file.h"

namespace offlab {

struct GateOptions {
  std::string baseline;           // "KEY=VALUE[,KEY=VALUE]"; empty: the case as it is
  std::string candidate;          // likewise
  std::string baseline_run = {};  // a run folder: the baseline is its case of the same id, with the images of then
  GateLimits limits = {};
  unsigned seed = 0;
  bool reference = false;  // each pair has a leg without the routers, too
  std::string out;         // a new folder
  std::string accelerator = "auto";
  bool cold = false;
};

// One case with both arms' settings over its own.
struct GateCase {
  Case plain;
  std::string baseline_words;  // how reports call the arm
  Case baseline;               // id "baseline"
  Case candidate;              // id "candidate"
};

// The cases of the scenario, each with both arms. Throws UsageError for settings that are none, and for a case that the
// baseline's run has not.
std::vector<GateCase> gate_cases(const LoadedScenario& loaded, const GateOptions& options);

// Below `folder`: classes/ (both arms, judged), again/ (the candidate once more, where that is needed), pairs/ and
// gate.json. Throws Error where labs break, Interrupted when a stop was asked for.
GateReport run_gate_session(const LoadedScenario& loaded, const GateCase& one, const GateOptions& options,
                            const std::filesystem::path& folder, RunListener& listener, const GateListener& on_pair);

}  // namespace offlab
