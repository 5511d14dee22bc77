// SHA-256.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace offlab {

std::string sha256_hex(std::string_view data);
// The same in base64, as content security policies and SSH have it.
std::string sha256_base64(std::string_view data);
// Nothing but 0 to 9 and a to f.
bool is_hex(std::string_view text);
// Throws Error when the file cannot be read.
std::string sha256_hex_of_file(const std::filesystem::path& file);

}  // namespace offlab
