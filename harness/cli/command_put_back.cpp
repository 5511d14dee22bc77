#include <fmt/core.h>

#include "base/clean_format.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "esxi/settings_journal.h"
#include "machine/borrowed_machines.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "worker/machine_shell.h"

namespace offlab {

int put_back_command() {
  constexpr int not_all = 3;
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  SteadyClock clock;
  std::vector<std::string> damaged;
  Terminal terminal;
  bool is_done = true;
  const auto all = recover_machines(journal_folder(cache_folder()), machine_shell, clock, damaged, signals.token());
  for (const Recovery& one : all) {
    terminal.text(clean_format("{}\n", describe(one)));
    is_done = is_done && one.is_done();
  }
  for (const std::string& file : damaged) terminal.text(clean_format("cannot be read: {}\n", file));
  const std::vector<ChangedHosts> hosts = changed_hosts(cache_folder() / "esxi");
  for (const ChangedHosts& one : hosts) {
    terminal.text(clean_format("the settings of {} are not as they were{}: offlab host lro restore --host {}\n",
                               one.address, one.is_unfinished ? ", a change was cut off" : "",
                               one.file.empty() ? "FILE" : one.file));
    is_done = is_done && !one.is_unfinished;
  }
  if (all.empty() && damaged.empty() && hosts.empty()) terminal.text("no run has left anything switched\n");
  return is_done && damaged.empty() ? 0 : not_all;
}

}  // namespace offlab
