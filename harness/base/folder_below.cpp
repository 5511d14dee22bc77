#include "base/folder_below.h"

#include <algorithm>
#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/read_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using Listing = Handle<DIR, closedir>;

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr std::size_t deepest = 32;  // folders in a folder
constexpr std::size_t most_files = 100'000;

[[noreturn]] void refuse(const fs::path& where) {
  throw Error(fmt::format("{} is a link, or no folder; offlab does not follow it", where.string()));
}

// Nothing when there is none of that name.
UniqueFd open_part(int folder, const std::string& name, const fs::path& so_far) {
  UniqueFd next(openat(folder, name.c_str(), folder_flags | O_NOFOLLOW));
  if (next || errno == ENOENT) return next;
  if (errno == ELOOP || errno == ENOTDIR) refuse(so_far);
  throw system_error(fmt::format("opening {}", so_far.string()));
}

void check_below(const fs::path& relative, const fs::path& folder) {
  if (leads_out(relative)) throw Error(fmt::format("'{}' is no path below {}", relative.string(), folder.string()));
}

Listing list(int folder, const fs::path& name) {
  UniqueFd again(openat(folder, ".", folder_flags));
  Listing listing(again ? fdopendir(again.get()) : nullptr);
  if (!listing) throw system_error(fmt::format("listing {}", name.string()));
  again.release();
  return listing;
}

EntryKind kind_at(int folder, const char* name) {
  struct stat status {};
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return EntryKind::none;
  return S_ISREG(status.st_mode) ? EntryKind::file : S_ISDIR(status.st_mode) ? EntryKind::folder : EntryKind::other;
}

// Adds the paths of regular files, each behind `prefix`; those of the folders in it, too, when `levels` is not 0.
void collect(int folder, const fs::path& prefix, std::size_t levels, std::vector<std::string>& files) {
  const Listing listing = list(folder, prefix);
  while (const dirent* entry = readdir(listing.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const EntryKind kind = kind_at(folder, name.c_str());
    if (kind == EntryKind::file) files.push_back(prefix / name);
    if (files.size() > most_files) throw Error(fmt::format("there are more than {} files", most_files));
    if (kind != EntryKind::folder || levels == 0) continue;
    if (const UniqueFd inner = open_part(folder, name, prefix / name))
      collect(inner.get(), prefix / name, levels - 1, files);
  }
}

}  // namespace

bool leads_out(const fs::path& relative) {
  if (relative.is_absolute() || !relative.has_filename()) return true;
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return part == ".." || part == "."; });
}

void make_folders(const fs::path& folder, const std::string& remedy) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(fmt::format("creating {}: {}", folder.string(), error.message()), remedy);
}

EntryKind kind_of(const fs::path& path) {
  return kind_at(AT_FDCWD, path.c_str());
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; entry != end; entry.increment(none))
    if (kind_of(entry->path()) == EntryKind::folder) found.push_back(entry->path());
  return found;
}

FolderBelow::FolderBelow(const fs::path& folder) : folder_(folder), descriptor_(open(folder.c_str(), folder_flags)) {
  if (!descriptor_) throw system_error(fmt::format("opening {}", folder.string()));
}

UniqueFd FolderBelow::open_folder(const fs::path& relative) const {
  UniqueFd at(openat(descriptor_.get(), ".", folder_flags));
  fs::path so_far = folder_;
  for (const fs::path& part : relative) {
    if (!at) return at;
    at = open_part(at.get(), part, so_far /= part);
  }
  return at;
}

EntryKind FolderBelow::kind_of(const fs::path& relative) const {
  check_below(relative, folder_);
  UniqueFd at(openat(descriptor_.get(), ".", folder_flags));
  for (const fs::path& part : relative.parent_path()) {
    const EntryKind kind = at ? kind_at(at.get(), part.c_str()) : EntryKind::none;
    if (kind == EntryKind::none || kind == EntryKind::file) return EntryKind::none;
    if (kind == EntryKind::other) return EntryKind::other;
    at = open_part(at.get(), part, folder_ / relative);
  }
  return at ? kind_at(at.get(), relative.filename().c_str()) : EntryKind::none;
}

UniqueFd FolderBelow::open_file(const fs::path& relative) const {
  check_below(relative, folder_);
  const fs::path name = folder_ / relative;
  const UniqueFd folder = open_folder(relative.parent_path());
  if (!folder) throw system_error(fmt::format("reading {}", name.string()), ENOENT);
  UniqueFd file(openat(folder.get(), relative.filename().c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!file && errno == ELOOP) throw Error(fmt::format("{} is a link; offlab does not follow it", name.string()));
  if (!file) throw system_error(fmt::format("reading {}", name.string()));
  require_regular_file(file.get(), name.string());
  return file;
}

UniqueFd FolderBelow::make_folder(const fs::path& relative) const {
  if (!relative.empty()) check_below(relative, folder_);
  UniqueFd at(openat(descriptor_.get(), ".", folder_flags));
  fs::path so_far = folder_;
  for (const fs::path& part : relative) {
    so_far /= part;
    if (mkdirat(at.get(), part.c_str(), 0777) != 0 && errno != EEXIST)
      throw system_error(fmt::format("creating {}", so_far.string()));
    at = open_part(at.get(), part, so_far);
    if (!at) throw system_error(fmt::format("opening {}", so_far.string()), ENOENT);
  }
  return at;
}

std::vector<std::string> FolderBelow::files_in(const fs::path& relative) const {
  check_below(relative, folder_);
  std::vector<std::string> files;
  if (const UniqueFd folder = open_folder(relative)) collect(folder.get(), {}, 0, files);
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> FolderBelow::files_below(const fs::path& relative) const {
  check_below(relative, folder_);
  std::vector<std::string> files;
  if (const UniqueFd folder = open_folder(relative)) collect(folder.get(), relative, deepest, files);
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace offlab
