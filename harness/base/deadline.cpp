#include "base/deadline.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {

namespace {

SteadyClock machine_clock;  // has no state

}  // namespace

Deadline::Deadline(std::string name, Clock::Duration limit) : Deadline(std::move(name), limit, machine_clock) {}

Deadline::Deadline(std::string name, Clock::Duration limit, Clock& clock)
    : name_(std::move(name)), limit_(limit), clock_(&clock), end_(clock.now() + limit) {}

std::chrono::milliseconds Deadline::left() const {
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - clock_->now());
  return std::max(rest, std::chrono::milliseconds(0));
}

std::chrono::milliseconds Deadline::left(std::chrono::milliseconds slice) const {
  return std::min(left(), slice);
}

void Deadline::check(const std::stop_token& stop) const {
  if (stop.stop_requested()) throw Interrupted();
  if (passed())
    throw Error(fmt::format("{}: no answer within {:.0f} s", name_, std::chrono::duration<double>(limit_).count()));
}

}  // namespace offlab
