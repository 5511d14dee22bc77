#include "base/trusted_folder.h"

#include <cerrno>
#include <deque>

#include <fmt/core.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/folder_below.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the kernel has it

std::string name_of(uid_t user) {
  const passwd* entry = getpwuid(user);
  return entry == nullptr ? fmt::format("uid {}", user) : fmt::format("'{}'", entry->pw_name);
}

bool is_trusted(uid_t owner) {
  return owner == 0 || owner == geteuid();
}

// Root's group is as good as root.
bool only_roots_group_can_write(const struct stat& folder) {
  return folder.st_gid == 0 && (folder.st_mode & S_IWOTH) == 0;
}

void check(const fs::path& path, const struct stat& status, bool last, const std::string& remedy) {
  if (!is_trusted(status.st_uid))
    throw Error(
        fmt::format("{} belongs to user {}, who could put other files there", path.string(), name_of(status.st_uid)),
        remedy);
  const bool sticky = (status.st_mode & S_ISVTX) != 0 && !last;
  if (S_ISDIR(status.st_mode) && others_can_write(status) && !only_roots_group_can_write(status) && !sticky)
    throw Error(fmt::format("{} can be written by other users", path.string()), remedy);
}

// Puts the parts of a path before those that are left.
void prepend(std::deque<std::string>& parts, const fs::path& path) {
  std::deque<std::string> all;
  for (const fs::path& part : path) all.push_back(part);
  parts.insert(parts.begin(), all.begin(), all.end());
}

}  // namespace

// A user's private group has the user's number.
bool others_can_write(const struct stat& folder) {
  const mode_t others = S_IWOTH | (folder.st_gid == geteuid() ? 0U : S_IWGRP);
  return (folder.st_mode & others) != 0;
}

fs::path trusted_path(const fs::path& path, const std::string& remedy) {
  std::deque<std::string> parts;
  prepend(parts, fs::absolute(path));
  fs::path so_far = "/";
  int links = 0;
  while (!parts.empty()) {
    const std::string part = parts.front();
    parts.pop_front();
    if (part.empty() || part == "." || part == "/") continue;
    if (part == "..") {
      so_far = so_far.parent_path();
      continue;
    }
    const fs::path next = so_far / part;
    struct stat status {};
    if (lstat(next.c_str(), &status) != 0) {
      if (errno != ENOENT) throw system_error(fmt::format("looking at {}", next.string()));
      so_far = next;
      continue;
    }
    check(next, status, parts.empty(), remedy);
    if (!S_ISLNK(status.st_mode)) {
      so_far = next;
      continue;
    }
    if (++links > most_links) throw Error(fmt::format("{}: too many links", path.string()), remedy);
    const fs::path target = fs::read_symlink(next);
    if (target.is_absolute()) so_far = "/";
    prepend(parts, target);
  }
  return so_far;
}

fs::path private_folder(const fs::path& path, const std::string& remedy) {
  const fs::path folder = trusted_path(path, remedy);
  make_folders(folder.parent_path(), remedy);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw Error(system_error(fmt::format("creating {}", folder.string())).what(), remedy);
  struct stat status {};
  if (lstat(folder.c_str(), &status) != 0) throw system_error(fmt::format("looking at {}", folder.string()));
  if (!S_ISDIR(status.st_mode)) throw Error(fmt::format("{} is no folder", folder.string()), remedy);
  if (status.st_uid != geteuid())
    throw Error(fmt::format("{} belongs to user {}", folder.string(), name_of(status.st_uid)), remedy);
  if ((status.st_mode & 0777U) != 0700 && chmod(folder.c_str(), 0700) != 0)
    throw Error(system_error(fmt::format("closing {} to other users", folder.string())).what(), remedy);
  return folder;
}

}  // namespace offlab
