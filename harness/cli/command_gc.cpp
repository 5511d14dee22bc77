#include <fmt/core.h>

#include "base/clean_format.h"
#include "cache/image_scratch.h"
#include "cache/lab_registry.h"
#include "cache/memory_reservation.h"
#include "cli/lab_commands.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {
int gc_command() {
  const std::filesystem::path cache = cache_folder();
  const std::vector<std::string> dead = remove_dead_labs(LabRegistry(cache));
  for (const std::string& name : dead) clean_print(stdout, "removed what lab '{}' left\n", name);
  memory_claims(cache);  // forgets those of the dead
  const auto scratch = remove_image_scratch(cache);
  for (const auto& path : scratch) clean_print(stdout, "removed {}\n", path.string());
  if (dead.empty() && scratch.empty()) fmt::print("nothing was left behind\n");
  return 0;
}

}  // namespace offlab
