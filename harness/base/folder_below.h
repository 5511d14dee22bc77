// Folders and files below a folder that may be somebody else's. Each part of a path is opened from the descriptor of
// the one before it, and no link is followed: whatever the folder holds, nothing outside of it is reached.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/handle.h"

namespace offlab {

// Is it no path below a folder: absolute, empty, or with a part that is "." or ".."?
bool leads_out(const std::filesystem::path& relative);

// The folder, and those on the way to it, when they are missing. Throws Error, with `remedy`.
void make_folders(const std::filesystem::path& folder, const std::string& remedy = {});

enum class EntryKind { none, file, folder, other };

// What has that name. Links count as `other`; what cannot be looked at is not there.
EntryKind kind_of(const std::filesystem::path& path);
// The folders in a folder, without links to any; empty when there is no such folder.
std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);

class FolderBelow {
 public:
  // The folder itself may be a link: its name comes from the user. Throws Error.
  explicit FolderBelow(const std::filesystem::path& folder);

  // The functions below throw Error for a path that leads out, and for a link or a file where a folder should be.

  // Links count as `other`; so does what is beyond one.
  EntryKind kind_of(const std::filesystem::path& relative) const;
  // A regular file, for reading. Throws Error where it is none.
  UniqueFd open_file(const std::filesystem::path& relative) const;
  // The folder, and those on the way to it, are made when they are missing.
  UniqueFd make_folder(const std::filesystem::path& relative) const;
  // Names of the regular files in a folder, sorted; empty when there is no such folder.
  std::vector<std::string> files_in(const std::filesystem::path& relative) const;
  // Paths of the regular files in a folder and in all folders below it, sorted; empty when there is no such folder.
  std::vector<std::string> files_below(const std::filesystem::path& relative) const;

 private:
  UniqueFd open_folder(const std::filesystem::path& relative) const;

  std::filesystem::path folder_;  // for people
  UniqueFd descriptor_;
};

}  // namespace offlab
