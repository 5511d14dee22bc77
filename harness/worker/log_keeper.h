// Bounds the logs that guests can make grow: their serial consoles, and what their QEMU says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace offlab {

// A log longer than this is copied to NAME.1, in place of the one before, and begins anew with a line that says so.
inline constexpr std::uint64_t longest_log = 4'000'000;

// Rotates the log when it is too long; false when it is not. The program that writes it must append (O_APPEND).
// Throws Error.
bool rotate_log(const std::filesystem::path& folder, const std::string& name, std::uint64_t limit = longest_log);

// While it lives, looks at the *.log files of the folders five times a second.
class LogKeeper {
 public:
  explicit LogKeeper(std::vector<std::filesystem::path> folders);

 private:
  std::jthread watcher_;
};

}  // namespace offlab
