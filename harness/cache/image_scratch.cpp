#include "cache/image_scratch.h"

#include "process/file_lock.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Is some process building this image now? It holds the lock then.
bool is_being_built(const fs::path& image) {
  const fs::path lock = image / "lock";
  return fs::exists(lock) && !FileLock::try_take(lock, FileLock::Kind::exclusive);
}

void remove(const fs::path& path, std::vector<fs::path>& removed) {
  if (fs::remove_all(path) > 0) removed.push_back(path);
}

}  // namespace

// NAME/building, and mmdebstrap's own folders beside them.
std::vector<fs::path> remove_image_scratch(const fs::path& cache) {
  std::vector<fs::path> removed;
  const fs::path images = cache / "images";
  if (!fs::exists(images)) return removed;
  bool building = false;
  for (const auto& image : fs::directory_iterator(images)) {
    if (!image.is_directory() || !fs::exists(image.path() / "lock")) continue;
    if (is_being_built(image.path()))
      building = true;
    else
      remove(image.path() / "building", removed);
  }
  if (building) return removed;
  for (const auto& entry : fs::directory_iterator(images))
    if (entry.path().filename().string().rfind("mmdebstrap.", 0) == 0) remove(entry.path(), removed);
  return removed;
}

}  // namespace offlab
