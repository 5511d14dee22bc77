// The folder of a bundle while it is made, and where it goes when it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace offlab {

class BundleFolder {
 public:
  // `place`: a new folder, or a new FILE.tar.zst. Throws Error when it is there already. What is made lies beside it
  // until finish().
  explicit BundleFolder(const std::filesystem::path& place);
  BundleFolder(const BundleFolder&) = delete;
  BundleFolder& operator=(const BundleFolder&) = delete;
  // Removes what was not finished.
  ~BundleFolder();

  const std::filesystem::path& path() const { return work_; }
  // A folder for what must not be in the bundle; it goes when the bundle is made.
  std::filesystem::path scratch() const { return work_.parent_path() / "scratch"; }
  // `relative`: of a new file.
  void write(const std::string& relative, std::string_view text, bool executable = false);

  struct Size {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
  };
  // Adds SHA256SUMS, packs where the place is an archive, and moves all into place. The archive has no times and no
  // owners: the same content gives the same bytes. Throws Error.
  Size finish();

 private:
  std::filesystem::path place_;
  std::filesystem::path work_;
  bool is_archive_;
};

// Do the files of the folder have the sums of its SHA256SUMS, and are all of `needed` among them? Empty, or what is
// wrong. Other files may be there: what reproduce.sh makes.
std::string damage_of_bundle(const std::filesystem::path& folder, const std::vector<std::string>& needed);

}  // namespace offlab
