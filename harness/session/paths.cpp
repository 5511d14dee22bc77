#include "session/paths.h"

#include <cstdlib>
#include <ctime>
#include <vector>

#include <fmt/chrono.h>

#include "base/error.h"
#include "base/trusted_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

fs::path cache_folder() {
  fs::path folder = variable("OFFLAB_CACHE");
  if (folder.empty() && !variable("XDG_CACHE_HOME").empty()) folder = fs::path(variable("XDG_CACHE_HOME")) / "offlab";
  if (folder.empty() && !variable("HOME").empty()) folder = fs::path(variable("HOME")) / ".cache/offlab";
  if (folder.empty()) throw Error("there is no place for the cache: HOME is not set", "set OFFLAB_CACHE to a folder");
  return private_folder(folder,
                        "set OFFLAB_CACHE to a folder of your own, on whose way all folders are yours or root's; "
                        "what is in the cache is made again");
}

fs::path shipped_file(const std::string& relative) {
  std::vector<fs::path> bases;
  if (!variable("OFFLAB_DATA").empty()) bases.emplace_back(variable("OFFLAB_DATA"));
  std::error_code ignored;
  for (fs::path folder = fs::read_symlink("/proc/self/exe", ignored); folder.has_relative_path();) {
    folder = folder.parent_path();
    bases.push_back(folder);
    bases.push_back(folder / "share/offlab");
  }
  bases.emplace_back(OFFLAB_SOURCE_DIR);
  for (const fs::path& base : bases)
    if (fs::exists(base / relative, ignored)) return base / relative;
  throw Error(fmt::format("{} is not where offlab looks for it", relative),
              "set OFFLAB_DATA to the folder that has it");
}

fs::path default_run_folder(const std::string& name) {
  const std::time_t now = std::time(nullptr);
  const fs::path base = fs::path("runs") / fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::gmtime(now), name);
  fs::path folder = base;
  for (int again = 2; fs::exists(folder); ++again) folder = fmt::format("{}-{}", base.string(), again);
  return folder;
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace offlab
