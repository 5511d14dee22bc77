// The hosts of a file, and what offlab has changed there, for one command.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "cli/host_questions.h"
#include "esxi/host_change.h"
#include "process/stop_signals.h"

namespace offlab {

class HostSession {
 public:
  // Logs in. `what`: the command, for whoever finds the hosts in use. Throws UsageError for mistakes in the file,
  // Error.
  HostSession(const std::string& file, const char* what);

  HostSettings& settings() { return open_->settings(); }
  HostPower& power() { return open_->power(); }
  SettingsJournal& journal() { return journal_; }
  HostChange& change() { return change_; }
  Clock& clock() { return clock_; }
  OpenHosts& open() { return *open_; }
  std::stop_token stop() const { return signals_.token(); }
  const EsxiHosts& file() const { return hosts_; }
  std::vector<ReportPart> report() { return open_->report(signals_.token()); }
  unsigned switched() const { return switched_; }  // settings, since the session began

  // What a change reboots is shown, and asked for. Throws UsageError where nobody agrees.
  void agree(const std::string& prefix, bool yes) const;
  // False, with what is left, where not all of it can be brought back.
  bool bring_back();
  // What a process that was killed has left in the middle, likewise; or it is only said.
  bool bring_back_unfinished();
  void say_unfinished() const;

 private:
  StopSignals signals_{{SIGINT, SIGTERM, SIGHUP}};
  SteadyClock clock_;
  TerminalQuestions questions_;
  EsxiHosts hosts_;
  SettingsJournal journal_;
  std::unique_ptr<OpenHosts> open_;
  unsigned switched_ = 0;
  HostChange change_;
};

}  // namespace offlab
