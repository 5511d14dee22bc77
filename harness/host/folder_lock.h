// An advisory lock on a folder, freed by the kernel when its holder dies.
#pragma once

#include <filesystem>
#include <optional>

#include "base/handle.h"

namespace offlab {

class FolderLock {
 public:
  enum class Kind { shared, exclusive };

  // Nothing when there is no such folder, when somebody holds a lock that does not go with this one, or when the folder
  // was replaced meanwhile. Never waits.
  static std::optional<FolderLock> try_take(const std::filesystem::path& folder, Kind kind);

 private:
  explicit FolderLock(UniqueFd folder) : folder_(std::move(folder)) {}

  UniqueFd folder_;
};

}  // namespace offlab
