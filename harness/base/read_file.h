// A whole file as text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace offlab {

// Far above anything that is read as a whole; a device or a sparse file does not fill the memory.
inline constexpr std::uint64_t largest_text_file = 268'435'456;

// Throws Error, "NAME is no regular file": a FIFO would hang, a device never end.
void require_regular_file(int descriptor, const std::string& name);

// Throws Error when it cannot be read, is no regular file, or has more than `limit` bytes.
std::string read_whole_file(const std::filesystem::path& file, std::uint64_t limit = largest_text_file);

// The same of an open descriptor; `name` is for people.
std::string read_whole_descriptor(int descriptor, const std::string& name, std::uint64_t limit = largest_text_file);

}  // namespace offlab
