// Attempts that are repeated until a deadline.
#pragma once

#include <stop_token>
#include <string>

#include "base/deadline.h"

namespace offlab {

// As Deadline::check; an Error also tells `reason`, why the last attempt failed, when there is one.
void check(const Deadline& deadline, const std::stop_token& stop, const std::string& reason);

// Waits for `time` before the next attempt. When the deadline passes or a stop is asked for meanwhile: as `check`.
void wait_to_retry(std::chrono::milliseconds time, const Deadline& deadline, const std::stop_token& stop,
                   const std::string& reason);

}  // namespace offlab
