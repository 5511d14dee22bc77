#include "setting/traffic_source.h"

#include <fmt/core.h>

namespace offlab {
namespace {

std::string iperf_server() {
  return fmt::format("iperf3 --server --daemon --port {}", iperf_port);
}

std::string stream_server() {
  return fmt::format("nc -ll -p {}", stream_port);
}

}  // namespace

std::vector<std::string> source_commands(const MeasureOptions& measure, bool listens) {
  std::vector<std::string> commands;
  if (listens) commands.push_back(iperf_server() + " --logfile /tmp/iperf3.log");
  // In the background: software emulation takes a quarter of a second for a megabyte.
  if (measure.integrity_bytes.bytes > 0)
    commands.push_back(fmt::format(
        "{{ {{ head -c {0} /dev/urandom > {3} && sha256sum < {3} > {1}{2}; }} < /dev/null > /dev/null 2>&1 & }}",
        measure.integrity_bytes.bytes, stream_digest_file,
        listens ? fmt::format(" && {} -e cat {}", stream_server(), stream_file) : "", stream_file));
  return commands;
}

// The new one binds the port when the old one is gone, which SIGKILL makes a matter of milliseconds.
std::string restart_source_command() {
  return fmt::format(
      "for p in $(pidof iperf3 nc); do c=$(tr '\\0' ' ' < /proc/$p/cmdline); case $c in '{} '*|'{} '*) kill -9 $p; "
      "while [ -d /proc/$p ]; do :; done; $c < /dev/null > /dev/null 2>&1 & ;; esac; done",
      iperf_server(), stream_server());
}

}  // namespace offlab
