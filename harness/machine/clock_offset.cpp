#include "machine/clock_offset.h"

#include <charconv>
#include <chrono>

#include "plan/deadlines.h"

namespace offlab {
namespace {

constexpr int rounds = 4;

std::int64_t wall_clock_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::optional<ClockOffset> clock_offset(NodeShell& shell, Clock& clock, const std::string& node,
                                        const std::stop_token& stop) {
  std::optional<ClockOffset> best;
  for (int round = 0; round < rounds; ++round) {
    const std::int64_t asked = wall_clock_ns();
    const std::string text =
        shell.run(node, "date +%s%N", Deadline("the clock of " + node, limits::command, clock), stop).output;
    const std::int64_t answered = wall_clock_ns();
    std::int64_t there = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), there);
    constexpr std::int64_t year_2001_ns = 1'000'000'000'000'000'000;
    if (error != std::errc() || there < year_2001_ns) return std::nullopt;
    const std::int64_t doubt = (answered - asked) / 2;
    if (!best || doubt < best->doubt_ns) best = ClockOffset{there - (asked + doubt), doubt};
  }
  return best;
}

}  // namespace offlab
