// A night carried out: its folder, its labs, its files.
//
//   begin.json       the question: parts, cases, digests of their files
//   campaign.toml    as it was; quarantine.toml likewise
//   parts/NAME/      a run folder for each part
//   repeats/, alarms/    run folders of what was measured again
//   night.json       the answer                               offlab.night/1
#pragma once

#include <filesystem>
#include <string>

#include "campaign/night.h"
#include "session/run_session.h"

namespace offlab {

struct NightOptions {
  std::string campaign;    // a campaign file
  std::string resume;      // instead of it: the folder of a night that did not end
  std::string out;         // a new folder; empty: one below ./runs
  std::string history;     // a file; empty: the campaign's, or history.sqlite beside the night's folder
  std::string quarantine;  // a file; empty: the campaign's
  std::string accelerator = "auto";
  bool cold = false;
  unsigned jobs = 0;                   // labs at a time (own_labs.h)
  std::string hosts = {};              // a file of lab hosts (host_pool.h), instead of this one
  std::vector<std::string> tags = {};  // only those of them that have all of these
};

// The parts of a campaign file and their cases. Throws UsageError with every mistake in it and in the topology files.
std::vector<NightPart> check_campaign(const std::string& file);

class PreparedNight;

// Begins a night, or takes up one that was begun. Throws UsageError with every mistake in the files.
std::shared_ptr<PreparedNight> prepare_night(const NightOptions& options);

struct NightSession {
  NightReport report;
  std::filesystem::path folder;
  std::filesystem::path history;
  bool history_is_new = false;
};

// Throws Error where the history cannot be written.
NightSession run_night_session(PreparedNight& night, RunListener& runs, NightListener& listener);

// 0 pass, 1 fail, 3 error, 4 inconclusive, 130 interrupted.
int night_exit_code(const NightReport& report);

}  // namespace offlab
