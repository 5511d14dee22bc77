#include "lab/iperf3_programs.h"

#include <fmt/core.h>

#include "lab/guest_program.h"
#include "lab/run_commands.h"

namespace offlab {
namespace {

// Says `word` when /proc/net/tcp has a line for the shell pattern: "$l" is its own address, "$r" the other one, "$s"
// the state (0A: LISTEN, 01: ESTABLISHED).
std::string announced(const std::string& command, const std::string& line, const std::string& pattern,
                      const char* word) {
  return fmt::format(
      "found() {{ while read -r n l r s x; do case \"{} $s\" in {}) return 0 ;; esac; done < $1; return 1; }}; "
      "{{ i=0; until found /proc/net/tcp6 || found /proc/net/tcp || [ $i = 500 ]; do sleep 0.02; i=$((i+1)); done; "
      "[ $i = 500 ] || echo {}; }} < /dev/null & {}",
      line, pattern, word, ended_by_input(command));
}

}  // namespace

std::string listening_iperf3(const std::string& command, std::uint16_t port) {
  return announced(command, "$l", fmt::format("*:{:04X}' 0A'", port), GuestProgram::listening);
}

std::string connecting_iperf3(const std::string& command, std::uint16_t port) {
  return announced(command, "$r", fmt::format("*:{:04X}' 01'", port), GuestProgram::connected);
}

}  // namespace offlab
