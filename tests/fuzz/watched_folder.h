// A folder that nobody may touch, watched through the kernel (inotify) and compared at the end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/handle.h"

namespace offlab::fuzz {

class WatchedFolder {
 public:
  // Watches `folder`, what is in it, and which files are beside it.
  explicit WatchedFolder(const std::filesystem::path& folder);

  // What was done to it since the last call, one line each: files opened, written, made, moved, removed.
  std::vector<std::string> events();
  // Files that are not what they were, by content, size, time and kind.
  std::vector<std::string> changes() const;

 private:
  void watch(const std::filesystem::path& folder, std::uint32_t what);

  std::filesystem::path folder_;
  UniqueFd queue_;
  std::map<int, std::filesystem::path> watched_;
  std::map<std::string, std::string> original_;
};

}  // namespace offlab::fuzz
