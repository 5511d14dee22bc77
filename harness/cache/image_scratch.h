// What builds of images that were killed have left.
#pragma once

#include <filesystem>
#include <vector>

namespace offlab {

// Removes it, and gives what was removed. `cache` is offlab's cache folder.
std::vector<std::filesystem::path> remove_image_scratch(const std::filesystem::path& cache);

}  // namespace offlab
