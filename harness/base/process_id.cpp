#include "base/process_id.h"

#include <sstream>
#include <string>

#include <fmt/core.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/read_file.h"

namespace offlab {
namespace {

// Fields behind the name, which may hold anything, until the 22nd of the line. Source: proc(5).
constexpr int fields_before_start = 19;

std::uint64_t start_of(pid_t number) {
  std::string text;
  try {
    text = read_whole_file(fmt::format("/proc/{}/stat", number));
  } catch (const Error&) {
    return 0;
  }
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < fields_before_start; ++i) fields >> skipped;
  std::uint64_t started = 0;
  return fields >> started ? started : 0;
}

}  // namespace

ProcessId process_id(pid_t number) {
  return {number, start_of(number)};
}

UniqueFd open_process(const ProcessId& process) {
  if (process.number <= 0 || process.started == 0) return UniqueFd();
  UniqueFd opened(static_cast<int>(syscall(SYS_pidfd_open, process.number, 0)));
  // What is opened before the start is read cannot be replaced by a later process.
  return opened && start_of(process.number) == process.started ? std::move(opened) : UniqueFd();
}

}  // namespace offlab
