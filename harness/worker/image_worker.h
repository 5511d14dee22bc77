// The process that builds a guest image: killed with its parent, with whatever mmdebstrap has started.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// `offlab worker --image KEY CACHE`, with the recipe's key. Returns the exit status.
int run_image_worker(const std::string& key, const std::filesystem::path& cache);

}  // namespace offlab
