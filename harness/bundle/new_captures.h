// The folder in which captures are written before they are good: they get their places all together, or none is left.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace offlab {

class NewCaptures {
 public:
  // Below `folder`, which is made when it is missing. Throws Error.
  explicit NewCaptures(const std::filesystem::path& folder);
  NewCaptures(const NewCaptures&) = delete;
  NewCaptures& operator=(const NewCaptures&) = delete;
  // What has not got its place is removed.
  ~NewCaptures();

  const std::filesystem::path& path() const { return scratch_; }
  // Moves these files to `folder`, in place of old ones of the same name. Throws Error.
  void take_their_places(const std::vector<std::string>& names);

 private:
  std::filesystem::path folder_;
  std::filesystem::path scratch_;
};

}  // namespace offlab
