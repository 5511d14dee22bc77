// Where a password is that a file of the user's names.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// The first line. Throws Error when the file cannot be read.
std::string password_in_file(const std::filesystem::path& file);
// The variable's value, in the environment itself. Throws Error that says whose it is, when it is not set.
char* password_in_environment(const std::string& variable, const std::string& whose);

}  // namespace offlab
