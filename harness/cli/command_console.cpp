#include <array>
#include <cstdio>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/clean_text.h"
#include "base/error.h"
#include "base/handle.h"
#include "cli/lab_commands.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "staying/guest_access.h"

namespace offlab {
namespace {

// Control characters of a guest must not reach a terminal, through `less` or `tail` neither.
bool show(const std::string& text) {
  const std::string shown = clean_text(text);
  return std::fwrite(shown.data(), 1, shown.size(), stdout) == shown.size() && std::fflush(stdout) == 0;
}

// A log that was rotated is shorter than what was read of it.
void begin_again_when_cut(const UniqueFd& file) {
  struct stat status {};
  if (fstat(file.get(), &status) == 0 && status.st_size < lseek(file.get(), 0, SEEK_CUR))
    lseek(file.get(), 0, SEEK_SET);
}

enum class Shown { nothing, something, failed };

// All that is there now.
Shown show_on(const UniqueFd& file) {
  begin_again_when_cut(file);
  std::array<char, 65536> chunk;
  Shown shown = Shown::nothing;
  for (ssize_t got = 0; (got = read(file.get(), chunk.data(), chunk.size())) > 0; shown = Shown::something)
    if (!show({chunk.data(), static_cast<std::size_t>(got)})) return Shown::failed;
  return shown;
}

}  // namespace

int console_command(const ConsoleOptions& options) {
  const LabRegistry registry(cache_folder());
  const ChosenLab lab = choose_lab(registry, options.lab);
  const std::string node = node_of(lab.entry, options.node).name;
  const std::string log = serial_log_of(lab.folder, lab.entry, node);
  const UniqueFd file(open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw system_error("opening " + log);
  if (show_on(file) == Shown::nothing)
    clean_print(stderr, "nothing on the console of {} since it was restored; `offlab up --cold FILE` boots it\n", node);
  if (!options.follow) return 0;
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  while (!signals.asked() && registry.is_alive(lab.entry.name)) {
    pollfd output{STDOUT_FILENO, 0, 0};  // reports when nobody reads us any more
    if (poll(&output, 1, 200) == 1) break;
    if (show_on(file) == Shown::failed) break;
  }
  return 0;
}

}  // namespace offlab
