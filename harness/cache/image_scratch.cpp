#include "cache/image_scratch.h"

#include "base/folder_below.h"
#include "process/file_lock.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

void remove(const fs::path& path, std::vector<fs::path>& removed) {
  if (fs::remove_all(path) > 0) removed.push_back(path);
}

}  // namespace

// NAME/building, and mmdebstrap's own folders beside them.
std::vector<fs::path> remove_image_scratch(const fs::path& cache) {
  std::vector<fs::path> removed;
  const fs::path images = cache / "images";
  bool building = false;
  for (const fs::path& image : folders_in(images)) {
    if (kind_of(image / "lock") != EntryKind::file) continue;
    if (FileLock::is_held(image / "lock"))  // by whoever builds it
      building = true;
    else
      remove(image / "building", removed);
  }
  if (building) return removed;
  for (const fs::path& folder : folders_in(images))
    if (folder.filename().string().rfind("mmdebstrap.", 0) == 0) remove(folder, removed);
  return removed;
}

}  // namespace offlab
