#include "lab/iperf3_programs.h"

#include <fmt/core.h>

#include "lab/guest_program.h"
#include "lab/run_commands.h"

namespace offlab {
namespace {

// iperf3 prints its report from its signal handler, which takes memory: in the middle of taking some it dies ("malloc
// assertion failure", once in a hundred transfers of a busy machine). So it is stopped, and ended only where it stands
// in a system call that waits for traffic: read, write, poll, select, sendto, recvfrom, sendmsg, recvmsg, wait4,
// epoll_wait, pselect6, ppoll (x86-64's numbers). After 40 tries it is ended where it is.
constexpr const char* end_at_rest =
    "i=0; while [ $i -lt 40 ] && kill -STOP $p; do n=running; "
    "while [ \"$n\" = running ]; do n=gone; read -r n x < /proc/$p/syscall; done; "
    "case $n in 0|1|7|23|44|45|46|47|61|232|270|271) break ;; esac; "
    "kill -CONT $p; sleep 0.005; i=$((i+1)); done; kill $p; kill -CONT $p";

// Says `word` when /proc/net/tcp has a line for the shell pattern: "$l" is its own address, "$r" the other one, "$s"
// the state (0A: LISTEN, 01: ESTABLISHED).
std::string announced(const std::string& command, const std::string& line, const std::string& pattern,
                      const char* word) {
  return fmt::format(
      "found() {{ while read -r n l r s x; do case \"{} $s\" in {}) return 0 ;; esac; done < $1; return 1; }}; "
      "{{ i=0; until found /proc/net/tcp6 || found /proc/net/tcp || [ $i = 500 ]; do sleep 0.02; i=$((i+1)); done; "
      "[ $i = 500 ] || echo {}; }} < /dev/null & {}",
      line, pattern, word, iperf3_ended_by_input(command));
}

}  // namespace

std::string iperf3_ended_by_input(const std::string& command) {
  return ended_by_input(command, end_at_rest);
}

std::string listening_iperf3(const std::string& command, std::uint16_t port) {
  return announced(command, "$l", fmt::format("*:{:04X}' 0A'", port), GuestProgram::listening);
}

std::string connecting_iperf3(const std::string& command, std::uint16_t port) {
  return announced(command, "$r", fmt::format("*:{:04X}' 01'", port), GuestProgram::connected);
}

}  // namespace offlab
