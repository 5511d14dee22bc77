#include "machine/clock_offset.h"

#include <charconv>
#include <chrono>
#include <cstdlib>

#include "plan/deadlines.h"

namespace offlab {
namespace {

constexpr int rounds = 4;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t half_second = second / 2;

std::int64_t wall_clock_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

struct ClockReading {
  std::int64_t now_ns = 0;
  std::int64_t doubt_ns = 0;
};

// busybox and FreeBSD print seconds, and N or nothing for the nanoseconds.
std::optional<ClockReading> parse_clock(const std::string& text) {
  constexpr std::int64_t year_2001_seconds = 1'000'000'000;
  std::int64_t there = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), there);
  if (error != std::errc() || there < year_2001_seconds) return std::nullopt;
  if (there >= year_2001_seconds * second) return ClockReading{there, 0};
  if (there >= year_2001_seconds * 1000) return std::nullopt;
  return ClockReading{there * second + half_second, half_second};
}

std::optional<ClockOffset> clock_offset(NodeShell& shell, Clock& clock, const std::string& node,
                                        const std::stop_token& stop) {
  std::optional<ClockOffset> best;
  for (int round = 0; round < rounds; ++round) {
    const std::int64_t asked = wall_clock_ns();
    const std::string text =
        shell.run(node, "date +%s%N", Deadline("the clock of " + node, limits::command, clock), stop).output;
    const std::int64_t answered = wall_clock_ns();
    const auto there = parse_clock(text);
    if (!there) return std::nullopt;
    const std::int64_t half = (answered - asked) / 2;
    const std::int64_t doubt = half + there->doubt_ns;
    if (!best || doubt < best->doubt_ns) best = ClockOffset{there->now_ns - (asked + half), doubt};
  }
  // Seconds alone do not tell a clock that is right from one that is a little off.
  if (best && best->doubt_ns > half_second && std::abs(best->ahead_ns) <= best->doubt_ns) best->ahead_ns = 0;
  return best;
}

}  // namespace offlab
