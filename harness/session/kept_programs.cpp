#include "session/kept_programs.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "base/version.h"
#include "session/paths.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_programs = 10;

fs::path folder_of(const fs::path& cache, const std::string& version) {
  return cache / "programs" / version;
}

void copy_shipped(const char* relative, const fs::path& folder) {
  const fs::path from = shipped_file(relative);
  fs::create_directories((folder / relative).parent_path());
  fs::copy(from, folder / relative, fs::copy_options::recursive);
}

void remove_oldest(const fs::path& programs) {
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  for (const auto& entry : fs::directory_iterator(programs)) all.emplace_back(entry.last_write_time(), entry.path());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i + most_programs < all.size(); ++i) fs::remove_all(all[i].second);
}

}  // namespace

void copy_this_program(const fs::path& folder) {
  if (fs::exists(folder)) return;
  try {
    const fs::path scratch = folder.string() + fmt::format(".{}", getpid());
    fs::remove_all(scratch);
    fs::create_directories(scratch);
    fs::copy_file("/proc/self/exe", scratch / "offlab");
    for (const char* shipped : {"offlab-state", "offlab-background", "guest-images"}) copy_shipped(shipped, scratch);
    std::error_code other_was_first;
    fs::rename(scratch, folder, other_was_first);
    if (other_was_first) fs::remove_all(scratch);
  } catch (const fs::filesystem_error& error) {
    throw Error(fmt::format("keeping this program in the cache: {}", error.what()));
  }
}

void keep_this_program(const fs::path& cache) {
  const fs::path folder = folder_of(cache, std::string(program_version()));
  if (fs::exists(folder)) return;
  copy_this_program(folder);
  try {
    remove_oldest(cache / "programs");
  } catch (const fs::filesystem_error& error) {
    throw Error(fmt::format("keeping this program in the cache: {}", error.what()));
  }
}

fs::path kept_program(const fs::path& cache, const std::string& version) {
  const fs::path folder = folder_of(cache, version);
  if (version.empty() || version.find('/') != std::string::npos || !fs::exists(folder / "offlab"))
    throw Error(fmt::format("offlab {} is not kept in {}", version, (cache / "programs").string()));
  return folder;
}

}  // namespace offlab
