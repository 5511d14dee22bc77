#include <csignal>

#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "cli/lab_commands.h"
#include "host/live_capture.h"
#include "process/running_lab.h"
#include "process/stop_signals.h"
#include "session/paths.h"
#include "staying/guest_access.h"

namespace offlab {

int capture_command(const CaptureOptions& options) {
  if (isatty(STDOUT_FILENO) == 1)
    throw UsageError(fmt::format("error: a capture is binary; send it somewhere: offlab capture {} {} | tshark -r -\n",
                                 options.node, options.interface));
  const ChosenLab lab = choose_lab(LabRegistry(cache_folder()), options.lab);
  const NodePlan& node = node_of(lab.entry, options.node);
  const NicPlan& nic = nic_of(node, options.interface);
  enter_running_lab(lab.entry.init, lab.entry.name);
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  const std::string description =
      fmt::format("offlab lab {}: the host side of {}'s NIC on {}; outbound = into the guest", lab.entry.name,
                  node.name, nic.network);
  with_frame(fmt::format("node '{}'", node.name), [&] {
    stream_capture({nic.tap, description, options.snap_length}, STDOUT_FILENO, signals.token());
  });
  return 0;
}

}  // namespace offlab
