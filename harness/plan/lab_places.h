// How many labs of a run may be up at the same time on one host, and on which processors each runs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace offlab {

struct LabPlaces {
  // Of each place; no two share one, so that what a lab measures does not depend on the others. One empty list: a
  // single place, on whatever the host has.
  std::vector<std::vector<unsigned>> cpus = {{}};
  // Why there are not as many as were asked for; empty where there are.
  std::string trouble = {};
};

// `asked`: 0 means as many as have a processor for each guest's and fit into the memory, and as there are cases.
// `cpus`: those of the host that this process may use. `fit_in_memory`: labs of the largest kind.
LabPlaces choose_places(unsigned asked, const RunPlan& plan, const std::vector<unsigned>& cpus,
                        std::size_t fit_in_memory);

// What the place (from 0) has of them, where each of `places` has about the same number.
std::vector<unsigned> share_of(const std::vector<unsigned>& cpus, std::size_t place, std::size_t places);

// Of guests, together: of the lab that has most.
unsigned most_vcpus(const RunPlan& plan);

// "0-3,8".
std::string cpu_list(const std::vector<unsigned>& cpus);

}  // namespace offlab
