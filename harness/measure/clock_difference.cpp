#include "measure/clock_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

namespace offlab {
namespace {

constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::max();

// When each packet was seen first on this side, by its identity.
std::unordered_map<std::uint64_t, std::int64_t> first_seen(const SideOfCapture& one, const JudgedFlow& judged,
                                                           bool is_forth) {
  std::unordered_map<std::uint64_t, std::int64_t> seen;
  for (const Sighting& sighting : one.seen.all()) {
    if (!judged.goes(sighting.flow, is_forth)) continue;
    if (one.sides.side_of(one.seen.viewpoints()[sighting.viewpoint], is_forth) != one.side) continue;
    seen.emplace(sighting.identity, sighting.time_ns);
  }
  return seen;
}

// How much later a packet was seen on the second side, and when on the clock behind the router.
struct Passage {
  std::int64_t behind_ns;
  std::int64_t later_ns;  // behind less before
  bool is_forth;
};

std::vector<Passage> passages(const SideOfCapture& before, const SideOfCapture& behind, const JudgedFlow& judged) {
  std::vector<Passage> all;
  for (const bool is_forth : {true, false}) {
    const auto first = first_seen(before, judged, is_forth);
    for (const auto& [identity, time_ns] : first_seen(behind, judged, is_forth))
      if (const auto same = first.find(identity); same != first.end())
        all.push_back({time_ns, time_ns - same->second, is_forth});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.behind_ns < b.behind_ns; });
  return all;
}

// What a stretch of time says: data was at least not seen behind before it was seen before, and the other way round for
// what comes back.
struct Bounds {
  std::int64_t middle_ns = 0;
  std::int64_t at_least = -unknown;  // the offset is
  std::int64_t at_most = unknown;

  void see(const Passage& one) {
    if (one.is_forth)
      at_most = std::min(at_most, one.later_ns);
    else
      at_least = std::max(at_least, one.later_ns);
  }
  bool both() const { return at_least != -unknown && at_most != unknown; }
  std::int64_t middle() const {
    if (both()) return at_least + (at_most - at_least) / 2;
    return at_most != unknown ? at_most : at_least;
  }
};

constexpr std::size_t stretches = 16;

// The line through the middles of stretches of the same number of packets.
void fit_drift(const std::vector<Passage>& all, ClockDifference& clock) {
  std::vector<Bounds> bounds;
  const std::size_t each = std::max<std::size_t>(all.size() / stretches, 4);
  bool all_both = true;
  for (std::size_t begin = 0; begin + each <= all.size(); begin += each) {
    Bounds one;
    for (std::size_t at = begin; at < begin + each; ++at) one.see(all[at]);
    one.middle_ns = all[begin + each / 2].behind_ns;
    all_both = all_both && one.both();
    bounds.push_back(one);
  }
  if (!all_both) std::erase_if(bounds, [](const Bounds& one) { return !one.both() && one.at_most == unknown; });
  if (bounds.size() < 4) return;
  double mean_x = 0;
  double mean_y = 0;
  const auto x = [&](const Bounds& one) { return static_cast<double>(one.middle_ns - clock.since_ns); };
  const auto y = [&](const Bounds& one) { return static_cast<double>(all_both ? one.middle() : one.at_most); };
  for (const Bounds& one : bounds) {
    mean_x += x(one) / static_cast<double>(bounds.size());
    mean_y += y(one) / static_cast<double>(bounds.size());
  }
  double upper = 0;
  double lower = 0;
  for (const Bounds& one : bounds) {
    upper += (x(one) - mean_x) * (y(one) - mean_y);
    lower += (x(one) - mean_x) * (x(one) - mean_x);
  }
  if (lower <= 0) return;
  constexpr double worst_quartz = 0.001;  // clocks that a machine keeps are better by far
  const double slope = upper / lower;
  if (std::abs(slope) > worst_quartz) return;
  clock.drift = slope;
}

Bounds bounds_without_drift(const std::vector<Passage>& all, const ClockDifference& clock) {
  Bounds bounds;
  for (Passage one : all) {
    one.later_ns -= static_cast<std::int64_t>(static_cast<double>(one.behind_ns - clock.since_ns) * clock.drift);
    bounds.see(one);
  }
  return bounds;
}

std::string length_of(double seconds) {
  const double size = std::abs(seconds);
  if (size < 0.001) return fmt::format("{:.0f} us", size * 1e6);
  if (size < 1) return fmt::format("{:.3g} ms", size * 1e3);
  if (size < 3600) return fmt::format("{:.4g} s", size);
  return fmt::format("{:.4g} h", size / 3600);
}

}  // namespace

ClockDifference clock_difference(const SideOfCapture& before, const SideOfCapture& behind, const JudgedFlow& judged) {
  ClockDifference clock;
  const std::vector<Passage> all = passages(before, behind, judged);
  clock.compared = all.size();
  if (all.empty()) return clock;
  clock.since_ns = all.front().behind_ns;
  Bounds bounds = bounds_without_drift(all, clock);
  // With one clock no difference is possible; and no router holds packets back for so long.
  constexpr std::int64_t long_way = 200'000'000;
  const bool is_possible = bounds.at_least <= 0 && bounds.at_most >= 0;
  if (is_possible && (bounds.both() || bounds.at_most == unknown || bounds.at_most < long_way)) return clock;
  if (bounds.both() && bounds.at_least > bounds.at_most) {
    fit_drift(all, clock);
    bounds = bounds_without_drift(all, clock);
  }
  clock.is_corrected = true;
  // Where the directions still contradict each other, data counts: it is what is compared.
  clock.offset_ns = std::min(bounds.middle(), bounds.at_most);
  return clock;
}

std::string describe(const ClockDifference& clock) {
  const auto seconds = static_cast<double>(clock.offset_ns) * 1e-9;
  std::string text = fmt::format("{} {}", length_of(seconds), seconds < 0 ? "behind" : "ahead");
  if (std::abs(clock.drift) >= 1e-6)
    text += fmt::format(", {:.0f} us a second {}", std::abs(clock.drift) * 1e6, clock.drift < 0 ? "slow" : "fast");
  return text;
}

}  // namespace offlab
