#include "bundle/bundle_folder.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/folder_below.h"
#include "base/new_file.h"
#include "base/read_file.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* sums_file = "SHA256SUMS";
constexpr std::string_view archive = ".tar.zst";

bool is_archive(const fs::path& place) {
  return place.filename().string().ends_with(archive);
}

// The folder's name in an archive.
std::string name_in_archive(const fs::path& place) {
  const std::string name = place.filename();
  return name.substr(0, name.size() - archive.size());
}

// Relative paths, sorted.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(folder));
  std::sort(files.begin(), files.end());
  return files;
}

std::map<std::string, std::string> sums_in(const std::string& text) {
  std::map<std::string, std::string> sums;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (const auto at = line.find("  "); at != std::string::npos) sums[line.substr(at + 2)] = line.substr(0, at);
  return sums;
}

}  // namespace

BundleFolder::BundleFolder(const fs::path& place) : place_(fs::absolute(place)), is_archive_(is_archive(place)) {
  std::error_code none;
  if (fs::exists(place_, none))
    throw Error(fmt::format("{} is there already", place_.string()), "name another place with --out");
  const fs::path parent = place_.parent_path();
  if (!fs::is_directory(parent, none)) throw Error(fmt::format("{} is no folder", parent.string()));
  const std::string name = is_archive_ ? name_in_archive(place_) : place_.filename().string();
  work_ = parent / fmt::format(".{}.{}", name, getpid()) / name;
  fs::create_directories(work_);
}

BundleFolder::~BundleFolder() {
  std::error_code ignored;
  fs::remove_all(work_.parent_path(), ignored);
}

void BundleFolder::write(const std::string& relative, std::string_view text, bool executable) {
  NewFile file(work_, relative);
  file.write(text);
  file.take_its_place();
  if (executable)
    fs::permissions(work_ / relative, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
}

BundleFolder::Size BundleFolder::finish() {
  std::string sums;
  Size size;
  for (const std::string& file : files_below(work_)) {
    sums += fmt::format("{}  {}\n", sha256_hex_of_file(work_ / file), file);
    ++size.files;
    size.bytes += fs::file_size(work_ / file);
  }
  write(sums_file, sums);
  if (!is_archive_) {
    fs::rename(work_, place_);
    return size;
  }
  const fs::path packed = work_.parent_path() / place_.filename();
  run_or_throw({"tar", "--create", "--zstd", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner",
                "--mode=u+rw,go=rX", "--format=posix", "--pax-option=delete=atime,delete=ctime", "--directory",
                work_.parent_path().string(), "--file", packed.string(), work_.filename().string()},
               Deadline("tar", std::chrono::seconds(300)));
  fs::rename(packed, place_);
  return size;
}

std::string damage_of_bundle(const fs::path& folder, const std::vector<std::string>& needed) {
  std::error_code none;
  if (!fs::is_regular_file(fs::symlink_status(folder / sums_file, none))) return fmt::format("it has no {}", sums_file);
  const auto sums = sums_in(read_whole_file(folder / sums_file));
  for (const std::string& file : needed)
    if (sums.find(file) == sums.end()) return fmt::format("{} does not name {}", sums_file, file);
  for (const auto& [file, sum] : sums) {
    const fs::path path = fs::path(file).lexically_normal();
    if (path.is_absolute() || path.empty() || *path.begin() == "..")
      return fmt::format("{} names a file outside", sums_file);
    if (!fs::is_regular_file(fs::symlink_status(folder / path, none))) return fmt::format("{} is not there", file);
    if (sha256_hex_of_file(folder / path) != sum) return fmt::format("{} was changed", file);
  }
  return "";
}

}  // namespace offlab
