// The saved guests of a lab, and what their keys are made of.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "cache/warm_states.h"
#include "record/worker_request.h"

namespace offlab {

// Saved guests of a lab. `versions`: Hypervisor::versions(); `public_keys`: what the guests were given.
WarmStates warm_states(const std::filesystem::path& cache, const WorkerRequest& request,
                       const std::map<std::string, std::string>& versions,
                       const std::function<std::string(const std::string& node)>& public_keys);

}  // namespace offlab
