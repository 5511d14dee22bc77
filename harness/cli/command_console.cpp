#include <array>
#include <cstdio>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"
#include "cli/lab_commands.h"
#include "lab/serial_log.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "staying/guest_access.h"

namespace offlab {
namespace {

// Control characters of a guest must not reach a terminal.
bool show(const std::string& text, bool terminal) {
  const std::string shown = terminal ? tame(text) : text;
  return std::fwrite(shown.data(), 1, shown.size(), stdout) == shown.size() && std::fflush(stdout) == 0;
}

std::string read_on(const UniqueFd& file) {
  std::string text;
  std::array<char, 65536> chunk;
  for (ssize_t got = 0; (got = read(file.get(), chunk.data(), chunk.size())) > 0;)
    text.append(chunk.data(), static_cast<std::size_t>(got));
  return text;
}

}  // namespace

int console_command(const ConsoleOptions& options) {
  const LabRegistry registry(cache_folder());
  const ChosenLab lab = choose_lab(registry, options.lab);
  const std::string node = node_of(lab.entry, options.node).name;
  const std::string log = serial_log_of(lab.folder, lab.entry, node);
  const UniqueFd file(open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw system_error("opening " + log);
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const std::string so_far = read_on(file);
  show(so_far, terminal);
  if (so_far.empty())
    fmt::print(stderr, "nothing on the console of {} since it was restored; `offlab up --cold FILE` boots it\n", node);
  if (!options.follow) return 0;
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  while (!signals.asked() && registry.is_alive(lab.entry.name)) {
    pollfd output{STDOUT_FILENO, 0, 0};  // reports when nobody reads us any more
    if (poll(&output, 1, 200) == 1) break;
    if (!show(read_on(file), terminal)) break;
  }
  return 0;
}

}  // namespace offlab
