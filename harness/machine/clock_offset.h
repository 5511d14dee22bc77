// How far the clock of another machine is ahead of this one's.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "port/node_shell.h"

namespace offlab {

struct ClockOffset {
  std::int64_t ahead_ns = 0;
  std::int64_t doubt_ns = 0;  // it may be so much more or less: half of the shortest round trip
};

// Asks a few times, and believes the answer that came back first. Where its `date` has no nanoseconds, an offset within
// the doubt, half a second and more, counts as none. Nothing where it is no date.
std::optional<ClockOffset> clock_offset(NodeShell& shell, Clock& clock, const std::string& node,
                                        const std::stop_token& stop);

}  // namespace offlab
