// The process that builds a guest image: killed with its parent, with whatever mmdebstrap has started.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// `offlab worker --image NAME CACHE`. Returns the exit status.
int run_image_worker(const std::string& name, const std::filesystem::path& cache);

}  // namespace offlab
