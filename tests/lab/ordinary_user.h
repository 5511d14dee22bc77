// offlab as "nobody": an ordinary user with sub-ids, and a /dev/net/tun that everybody may open, in a mount namespace
// of the test's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lab/program.h"

namespace offlab::test {

class OrdinaryUserPlace {
 public:
  // With a copy of the images in `cache`. Needs root.
  explicit OrdinaryUserPlace(const std::filesystem::path& cache);

  // What goes before the program (Program's `prefix`), and its environment.
  std::vector<std::string> prefix() const;
  std::vector<std::string> environment() const;
  // The user's own; it is empty but for the cache.
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path cache() const { return folder_ / "cache"; }
  void give(const std::filesystem::path& file) const;

 private:
  ScratchFolder folder_;
};

}  // namespace offlab::test
