// An advisory lock on a file, freed by the kernel when its holder dies.
#pragma once

#include <filesystem>

#include "base/deadline.h"
#include "base/handle.h"

namespace offlab {

class FileLock {
 public:
  // Waits for the lock. Throws Error when the deadline passes.
  FileLock(const std::filesystem::path& file, const Deadline& deadline, const std::stop_token& stop);

 private:
  UniqueFd file_;
};

}  // namespace offlab
