#include "plan/lab_places.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/number_ranges.h"

namespace offlab {

unsigned most_vcpus(const RunPlan& plan) {
  unsigned most = 1;
  for (const LabPlan& lab : plan.labs) {
    unsigned all = 0;
    for (const NodePlan& node : lab.nodes) all += node.vcpus;
    most = std::max(most, all);
  }
  return most;
}

std::vector<unsigned> share_of(const std::vector<unsigned>& cpus, std::size_t place, std::size_t places) {
  const auto at = [&](std::size_t number) {
    return cpus.begin() + static_cast<std::ptrdiff_t>(cpus.size() * number / places);
  };
  return {at(place), at(place + 1)};
}

LabPlaces choose_places(unsigned asked, const RunPlan& plan, const std::vector<unsigned>& cpus,
                        std::size_t fit_in_memory) {
  std::size_t cases = 0;
  for (const LabPlan& lab : plan.labs) cases += lab.cases.size();
  LabPlaces places;
  std::size_t number = asked;
  if (asked > cpus.size())
    places.trouble = fmt::format("{} labs at a time need a CPU each, and there are {}", asked, cpus.size());
  else if (asked > std::max<std::size_t>(fit_in_memory, 1))
    places.trouble = fmt::format("the memory that is free holds {} of the {} labs at a time", fit_in_memory, asked);
  if (!places.trouble.empty()) return places;
  if (asked == 0) number = std::min(cpus.size() / most_vcpus(plan), fit_in_memory);
  number = std::min(number, cases);
  if (number < 2) return places;
  places.cpus.clear();
  for (std::size_t i = 0; i < number; ++i) places.cpus.push_back(share_of(cpus, i, number));
  return places;
}

std::string cpu_list(const std::vector<unsigned>& cpus) {
  return number_ranges(cpus);
}

}  // namespace offlab
