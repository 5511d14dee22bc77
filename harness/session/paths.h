// Where offlab keeps things, and finds what it ships.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// $OFFLAB_CACHE, or offlab below $XDG_CACHE_HOME or ~/.cache. Created when missing.
std::filesystem::path cache_folder();

// A file that is shipped with offlab: "topologies/demo.toml". In $OFFLAB_DATA, beside the program, where it is
// installed relative to the program (share/offlab, libexec/offlab), or in the source tree of a program that was not
// installed. Throws Error when it is in none of them.
std::filesystem::path shipped_file(const std::string& relative);

// "runs/20260101-120000-NAME" in the working folder.
std::filesystem::path default_run_folder(const std::string& name);

// ISO 8601, UTC.
std::string utc_now();

}  // namespace offlab
