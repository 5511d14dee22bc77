#include "process/user_mapping.h"

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

struct IdRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

// "name-or-uid:first:count"
std::optional<IdRange> sub_ids(const std::string& file) {
  const std::string name = user_name();
  const std::string number = std::to_string(getuid());
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string owner = line.substr(0, first);
    if (owner != name && owner != number) continue;
    const IdRange range{std::strtoull(line.c_str() + first + 1, nullptr, 10),
                        std::strtoull(line.c_str() + second + 1, nullptr, 10)};
    if (range.count >= 65536) return range;
  }
  return std::nullopt;
}

IdRange require_range(const std::string& file) {
  const auto range = sub_ids(file);
  if (!range)
    throw Error(fmt::format("user '{}' is not root and has no 65536 sub-ids in {}", user_name(), file),
                fmt::format("run as root, or: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {}",
                            user_name()));
  return *range;
}

void run_mapper(const std::string& program, pid_t process, unsigned own, const IdRange& range) {
  const ProgramResult result = run_program(
      {program, std::to_string(process), "0", std::to_string(own), "1", "1", std::to_string(range.first), "65535"},
      Deadline(program, std::chrono::seconds(10)));
  if (result.exit_status != 0)
    throw Error(program + " refused the sub-ids", "compare /etc/subuid and /etc/subgid with `id`");
}

}  // namespace

std::string user_name() {
  const passwd* entry = getpwuid(getuid());
  return entry == nullptr ? std::to_string(getuid()) : entry->pw_name;
}

void require_sub_ids() {
  require_range("/etc/subuid");
  require_range("/etc/subgid");
}

void map_user(pid_t process) {
  const IdRange users = require_range("/etc/subuid");
  const IdRange groups = require_range("/etc/subgid");
  run_mapper("newuidmap", process, getuid(), users);
  run_mapper("newgidmap", process, getgid(), groups);
}

}  // namespace offlab
