// What the image store keeps on disk, to be shown and removed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/units.h"

namespace offlab {

struct StoredImage {
  std::string name;
  std::filesystem::path folder;
  ByteCount size;
  bool complete = false;
};

// `cache` is offlab's cache folder.
std::vector<StoredImage> list_images(const std::filesystem::path& cache);
// Removes every image, waiting for builds that run.
void clear_images(const std::filesystem::path& cache);

// Of the files in it, as the disk holds them; zero when it does not exist.
ByteCount folder_size(const std::filesystem::path& folder);

}  // namespace offlab
