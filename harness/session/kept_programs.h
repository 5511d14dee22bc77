// Programs of earlier nights, with what they ship: a failure is repeated with the last one that was good.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// Copies this program and what it ships to `folder`, which is there as a whole or not at all. Throws Error.
void copy_this_program(const std::filesystem::path& folder);

// Keeps this program in the cache, unless it is there; the oldest beyond ten go. Throws Error.
void keep_this_program(const std::filesystem::path& cache);

// The folder of a version: the program `offlab` and what it ships. Throws Error where it is not kept.
std::filesystem::path kept_program(const std::filesystem::path& cache, const std::string& version);

}  // namespace offlab
