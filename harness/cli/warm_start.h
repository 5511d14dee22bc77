// Where saved guests are, how much room they may take, and what their keys are made of.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/units.h"
#include "host/warm_states.h"
#include "record/worker_request.h"

namespace offlab {

std::filesystem::path warm_folder(const std::filesystem::path& cache);

// $OFFLAB_WARM_LIMIT, or 4 GB. Throws UsageError when the variable is no size.
ByteCount warm_limit();

// Saved guests of a lab. `versions`: Hypervisor::versions(); `public_keys`: what the guests were given.
WarmStates warm_states(const std::filesystem::path& cache, const WorkerRequest& request,
                       const std::map<std::string, std::string>& versions, const std::string& public_keys);

}  // namespace offlab
