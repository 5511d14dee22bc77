// Folders whose content nobody else chooses. A folder is trusted when it, and each folder and link on the way to it,
// belongs to this user or to root, and nobody else can write to it. In a folder with the sticky bit, such as /tmp,
// others may make files, but cannot replace ours: it may be on the way.
#pragma once

#include <filesystem>
#include <string>

#include <sys/stat.h>

namespace offlab {

// Can anybody but its owner, and the owner's private group, write to this user's folder?
bool others_can_write(const struct stat& folder);

// The path without links, absolute; its last parts may be missing. Throws Error, with `remedy`, where a folder on the
// way, or the folder itself, is not trusted.
std::filesystem::path trusted_path(const std::filesystem::path& path, const std::string& remedy);

// A trusted folder that only this user can enter. It is made when it is missing. One of this user's own that others
// could read is closed to them (0700). Throws Error, with `remedy`, where it belongs to somebody else, or others could
// write to it: what is in it may be theirs.
std::filesystem::path private_folder(const std::filesystem::path& path, const std::string& remedy);

}  // namespace offlab
