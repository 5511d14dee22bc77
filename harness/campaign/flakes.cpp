#include "campaign/flakes.h"

#include <algorithm>
#include <cmath>

namespace offlab {

double assumed_flake_rate(double rate) {
  return std::clamp(rate, 0.002, 0.4);
}

double chance_of_flakes(std::size_t answers, std::size_t wrong, double rate) {
  double chance = 1;
  double exactly = std::pow(1 - rate, static_cast<double>(answers));
  for (std::size_t k = 0; k < wrong; ++k) {
    chance -= exactly;
    exactly *= static_cast<double>(answers - k) / static_cast<double>(k + 1) * rate / (1 - rate);
  }
  return chance;
}

}  // namespace offlab
