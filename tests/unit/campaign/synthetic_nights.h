// Nights that are made up, for the rates of the night's alarms.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "campaign/confirm_change.h"
#include "campaign/watch.h"

namespace offlab {

// Nights of one case: noise around a level.
using Noise = std::function<double(std::mt19937&)>;

inline Noise gaussian(double deviation) {
  return
      [noise = std::normal_distribution<double>(0, deviation)](std::mt19937& random) mutable { return noise(random); };
}

// A host that is in one of two states, 8 % apart, drawn anew for each measurement.
inline Noise two_bands() {
  return [noise = std::normal_distribution<double>(0, 0.015), band = std::bernoulli_distribution(0.5)](
             std::mt19937& random) mutable { return noise(random) + (band(random) ? 0.04 : -0.04); };
}

struct FalseAlarms {
  unsigned raw = 0;        // changes that are none
  unsigned published = 0;  // of those that are for the worse: confirmed by measuring again
};

inline bool is_confirmed(const std::vector<double>& ratios, const ChangePoint& change, Noise& noise,
                         std::mt19937& random, double level) {
  ChangeConfirmation confirmation(ratios, change);
  while (confirmation.wants_more())
    for (unsigned i = 0; i < ChangeConfirmation::at_once; ++i) confirmation.add(level + noise(random));
  return confirmation.answer() == GateAnswer::worse;
}

// What the night engine does with what is found near a change that is known: nothing.
inline FalseAlarms false_alarms(Noise noise, unsigned nights, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<double> ratios;
  std::vector<std::size_t> known;
  FalseAlarms alarms;
  for (unsigned night = 0; night < nights; ++night) {
    ratios.push_back(noise(random));
    for (const ChangePoint& change : alarming_changes(ratios)) {
      const bool is_known = std::any_of(known.begin(), known.end(), [&](std::size_t other) {
        return (other > change.index ? other - change.index : change.index - other) <= 3;
      });
      if (is_known) continue;
      known.push_back(change.index);
      ++alarms.raw;
      if (change.after < change.before && is_confirmed(ratios, change, noise, random, 0)) ++alarms.published;
    }
  }
  return alarms;
}

// How many nights until a change is seen, in the middle of so many series.
inline unsigned median_nights(double deviation, double change, bool confirmed) {
  std::mt19937 random(5);
  std::vector<unsigned> found;
  for (int series = 0; series < 200; ++series) {
    Noise noise = gaussian(deviation);
    std::vector<double> ratios;
    for (int night = 0; night < 60; ++night) ratios.push_back(noise(random));
    unsigned nights = 0;
    for (bool seen = false; !seen && nights < 30;) {
      ++nights;
      ratios.push_back(change + noise(random));
      for (const ChangePoint& point : alarming_changes(ratios))
        if (point.index + 5 > 60 && point.after < point.before)
          seen = seen || !confirmed || is_confirmed(ratios, point, noise, random, change);
    }
    found.push_back(nights);
  }
  std::sort(found.begin(), found.end());
  return found[found.size() / 2] - 1;  // behind the first night of the new level
}

}  // namespace offlab
