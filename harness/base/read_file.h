// A whole file as text.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// Throws Error when it cannot be read.
std::string read_whole_file(const std::filesystem::path& file);

}  // namespace offlab
