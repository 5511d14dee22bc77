// Nights in an SQLite file. docs/history.md has the schema.
#pragma once

#include <filesystem>
#include <memory>

#include "port/run_history.h"

namespace offlab {

// The file's schema, as `PRAGMA user_version` has it. One of a later version is an Error.
inline constexpr int history_schema = 1;

// Opens the file, or makes it. Write-ahead logging: readers and one writer at a time, and a writer that is killed
// leaves what it had committed. Throws Error for a file that is no history.
std::unique_ptr<RunHistory> open_history(const std::filesystem::path& file);
// One that the user named to be read. Throws UsageError where it is none.
std::unique_ptr<RunHistory> open_existing_history(const std::filesystem::path& file);

}  // namespace offlab
