#include "process/processors.h"

#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <sched.h>
#include <unistd.h>

#include "base/error.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> number_of(const fs::path& entry) {
  const std::string name = entry.filename();
  pid_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

}  // namespace

std::vector<unsigned> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) throw system_error("asking for the processors of this process");
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

std::vector<unsigned> restricted_cpus() {
  std::vector<unsigned> cpus = usable_cpus();
  if (static_cast<long>(cpus.size()) >= sysconf(_SC_NPROCESSORS_ONLN)) cpus.clear();
  return cpus;
}

void pin_all_processes(const std::vector<unsigned>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const unsigned cpu : cpus) CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) throw system_error("moving the lab to its processors");
  std::error_code gone;
  for (fs::directory_iterator process("/proc", gone), end; process != end; process.increment(gone)) {
    if (gone) break;
    if (!number_of(process->path())) continue;
    for (fs::directory_iterator thread(process->path() / "task", gone); thread != end; thread.increment(gone)) {
      if (gone) break;
      if (const auto id = number_of(thread->path())) sched_setaffinity(*id, sizeof set, &set);
    }
  }
}

}  // namespace offlab
