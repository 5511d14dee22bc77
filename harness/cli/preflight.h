// What this machine must have before anything is started.
#pragma once

#include <filesystem>

#include "base/units.h"

namespace offlab {

// Throws Error with the remedy for the first thing that is missing: rights, programs, /dev/net/tun, disk space.
void check_host(const std::filesystem::path& run_folder, ByteCount needed);

}  // namespace offlab
