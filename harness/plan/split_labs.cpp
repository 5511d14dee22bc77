#include "plan/split_labs.h"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

namespace offlab {
namespace {

std::size_t rounded_up(std::size_t amount, std::size_t by) {
  return by == 0 ? amount : (amount + by - 1) / by;
}

}  // namespace

RunPlan split_labs(RunPlan plan, std::size_t places) {
  std::size_t all = 0;
  for (const LabPlan& lab : plan.labs) all += lab.cases.size();
  if (places < 2 || all == 0) return plan;
  const std::size_t share = rounded_up(all, places);
  std::vector<LabPlan> labs;
  for (LabPlan& lab : plan.labs) {
    const std::size_t parts = rounded_up(lab.cases.size(), share);
    if (parts < 2) {
      labs.push_back(std::move(lab));
      continue;
    }
    const std::vector<CasePlan> cases = std::exchange(lab.cases, {});
    for (std::size_t part = 0; part < parts; ++part) {
      LabPlan one = lab;
      one.name += fmt::format("-part-{}", part + 1);
      const auto at = [&](std::size_t number) {
        return cases.begin() + static_cast<std::ptrdiff_t>(cases.size() * number / parts);
      };
      one.cases.assign(at(part), at(part + 1));
      labs.push_back(std::move(one));
    }
  }
  plan.labs = std::move(labs);
  return plan;
}

}  // namespace offlab
