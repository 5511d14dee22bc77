#include "session/paths.h"

#include <cstdlib>
#include <ctime>
#include <fstream>
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

// The source tree of a program that was not installed: CMake writes its name into a file of the build folder.
fs::path source_of(const fs::path& build) {
  std::ifstream file(build / "offlab-source");
  std::string line;
  std::getline(file, line);
  return line;
}

// Where shipped files may be, the likeliest first. No folder is fixed when the program is built, so that an installed
// one can be moved with its files.
std::vector<fs::path> shipped_folders() {
  std::vector<fs::path> folders;
  if (!variable("OFFLAB_DATA").empty()) folders.emplace_back(variable("OFFLAB_DATA"));
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  folders.push_back(program);
  folders.push_back(program / OFFLAB_DATA_FROM_PROGRAM);
  folders.push_back(program / OFFLAB_LIBEXEC_FROM_PROGRAM);
  for (const fs::path& build : {program, program.parent_path()})  // tests are one folder further down
    if (const fs::path source = source_of(build); source.is_absolute()) {
      folders.push_back(build);
      folders.push_back(source);
    }
  return folders;
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
  const std::vector<fs::path> folders = shipped_folders();
  std::error_code ignored;
  for (const fs::path& folder : folders)
    if (fs::exists(folder / relative, ignored)) return (folder / relative).lexically_normal();
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
