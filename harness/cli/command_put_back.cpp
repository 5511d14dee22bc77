#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "cli/host_session.h"
#include "cli/terminal.h"
#include "esxi/settings_journal.h"
#include "machine/borrowed_machines.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "worker/machine_shell.h"

namespace offlab {

namespace {

bool put_back_hosts(const ChangedHosts& hosts) try {
  clean_print(stdout, "{}: a change was cut off; what it has left goes back\n", hosts.address);
  return HostSession(hosts.file, "put-back").bring_back();
} catch (const UsageError& error) {
  clean_print(stderr, "{}: {}", hosts.address, std::string(error.what()));
  return false;
} catch (const Error& error) {
  clean_print(stderr, "{} is not put back: {}; when it can be reached: offlab host lro restore --host {}\n",
              hosts.address, std::string(error.what()), hosts.file);
  return false;
}

}  // namespace

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
  for (const ChangedHosts& one : hosts)
    if (one.is_unfinished)
      is_done = put_back_hosts(one) && is_done;
    else
      terminal.text(
          clean_format("{} keeps what `offlab host lro set` has switched, until: offlab host lro restore --host {}\n",
                       one.address, one.file));
  if (all.empty() && damaged.empty() && hosts.empty()) terminal.text("no run has left anything switched\n");
  return is_done && damaged.empty() ? 0 : not_all;
}

}  // namespace offlab
