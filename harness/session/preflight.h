// What this machine must have before anything is started.
#pragma once

#include <filesystem>
#include <string>

#include "base/units.h"

namespace offlab {

// Adds the folders of system programs to $PATH, where an ordinary user of Debian does not have them: depmod is there.
void complete_path();

// Is there such a program in $PATH?
bool in_path(const std::string& program);

// Throws Error with the remedy when /dev/net/tun cannot be used.
void check_tun();

// Throws Error with the remedy when the folder's file system has less left.
void check_space(const std::filesystem::path& folder, ByteCount needed);

// Throws Error with the remedy for the first thing that is missing: rights, programs, /dev/net/tun, disk space.
void check_host(const std::filesystem::path& run_folder, ByteCount needed);

}  // namespace offlab
