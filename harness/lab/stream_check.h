// The fixed-byte transfer: the same bytes at both ends?
#pragma once

#include <stop_token>

#include "model/observation.h"
#include "plan/step.h"
#include "port/node_shell.h"

namespace offlab {

// A transfer that takes longer than `limit` is ended and is incomplete; so is one that fails.
StreamOutput check_stream(NodeShell& shell, Clock& clock, const step::CheckStream& stream,
                          std::chrono::milliseconds limit, const std::stop_token& stop);

}  // namespace offlab
