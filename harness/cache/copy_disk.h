// A user's disk image, copied into the cache. It is only read.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

namespace offlab {

// "raw", "qcow2", "vmdk": what qemu-img calls it, by its first bytes. Throws Error with a remedy for a format that is
// not read, and for what is no disk.
std::string disk_format(std::string_view first_sector, const std::string& name);

// From what `qemu-img info --output=json` says: why the disk may not be copied; empty where it may. A disk that is in
// several files could name any file of this host.
std::string other_files_of(const std::string& info, const std::string& file);

// Writes a qcow2 of its own. Throws Error: not there, in use, in several files, no disk, no space.
void copy_disk(const std::filesystem::path& from, const std::filesystem::path& to, const std::stop_token& stop);

// Device, inode, size and times of a file, as text: another one when the file was changed. Empty: not there.
std::string identity_of(const std::filesystem::path& file);

}  // namespace offlab
