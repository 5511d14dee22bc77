#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

#include "cli/lab_commands.h"
#include "cli/paths.h"
#include "host/lab_registry.h"
#include "host/memory_reservation.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Is some process building this image now? It holds the lock then.
bool is_being_built(const fs::path& image) {
  const UniqueFd lock(open((image / "lock").c_str(), O_RDWR | O_CLOEXEC));
  return lock && flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

// What builds that were killed have left: NAME/building, and mmdebstrap's own folders beside them. True when there was
// something.
bool remove_scratch(const fs::path& images) {
  if (!fs::exists(images)) return false;
  bool building = false;
  bool removed = false;
  for (const auto& image : fs::directory_iterator(images)) {
    if (!image.is_directory() || !fs::exists(image.path() / "lock")) continue;
    if (is_being_built(image.path())) {
      building = true;
    } else if (fs::remove_all(image.path() / "building") > 0) {
      fmt::print("removed {}\n", (image.path() / "building").string());
      removed = true;
    }
  }
  if (building) return removed;
  for (const auto& entry : fs::directory_iterator(images))
    if (entry.path().filename().string().rfind("mmdebstrap.", 0) == 0 && fs::remove_all(entry.path()) > 0) {
      fmt::print("removed {}\n", entry.path().string());
      removed = true;
    }
  return removed;
}

}  // namespace

int gc_command() {
  const fs::path cache = cache_folder();
  const std::vector<std::string> dead = LabRegistry(cache).remove_dead();
  for (const std::string& name : dead) fmt::print("removed what lab '{}' left\n", name);
  memory_claims(cache);  // forgets those of the dead
  const bool scratch = remove_scratch(cache / "images");
  if (dead.empty() && !scratch) fmt::print("nothing was left behind\n");
  return 0;
}

}  // namespace offlab
