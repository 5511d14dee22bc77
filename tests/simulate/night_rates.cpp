// How often the night's alarms are wrong, how soon they come, and how long it takes to look: docs/error-rates.md.
#include <chrono>

#include <fmt/core.h>

#include "unit/campaign/synthetic_nights.h"

namespace offlab {
namespace {

constexpr unsigned nights = 100'000;

void print_false_alarms(const char* name, const Noise& noise) {
  const FalseAlarms alarms = false_alarms(noise, nights, 1);
  fmt::print("| {} | {:.2f} | {:.2f} |\n", name, 1000.0 * alarms.raw / nights, 1000.0 * alarms.published / nights);
}

void print_speed() {
  constexpr unsigned series = 10'000;
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 0.03);
  std::vector<double> ratios(100);
  std::size_t found = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (unsigned i = 0; i < series; ++i) {
    for (double& ratio : ratios) ratio = noise(random);
    found += alarming_changes(ratios).size();
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("\n{} series of {} nights in {:.2f} s ({} changes)\n", series, ratios.size(), seconds, found);
}

}  // namespace
}  // namespace offlab

int main() {
  using namespace offlab;
  fmt::print("| noise | alarms in 1000 nights | published |\n|---|---|---|\n");
  print_false_alarms("3 %", gaussian(0.03));
  print_false_alarms("10 %", gaussian(0.1));
  print_false_alarms("two bands, 8 % apart", two_bands());
  fmt::print("\n-10 % at a noise of 3 %: published after {} nights; -20 % at 10 %: after {} (medians of 200 series)\n",
             median_nights(0.03, std::log(0.9), true), median_nights(0.1, std::log(0.8), true));
  print_speed();
  return 0;
}
