// Files that the user names, and files that those name in turn.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/existing_machine.h"

namespace offlab {

// The text of a topology file or image recipe that the user named; links are followed. Throws UsageError where it
// cannot be read, is no regular file, or is larger than such a file may be.
std::string read_named_file(const std::filesystem::path& file);

// A file is beside the one that names it, or where "~/" leads. Empty stays empty.
void find_file(std::string& file, const std::filesystem::path& beside);
// All files of a machine that exists.
void find_files_of(MachineLogin& machine, const std::filesystem::path& beside);

// Which files a topology file may name: those below the folder of the file that the user named, wherever links lead,
// and those that are shipped; or any.
class ReachableFiles {
 public:
  ReachableFiles(const std::filesystem::path& first, bool anywhere);

  struct Found {
    std::filesystem::path name;  // for people: relative when `by` is
    std::filesystem::path real;  // absolute, without links
    std::string text;
  };
  // What the file `by` means by `path`. Throws Error where it may not be reached or read.
  Found read(const std::filesystem::path& by, const std::string& path) const;

 private:
  std::string read_real(const std::filesystem::path& real, const std::string& path) const;

  std::string folder_;                        // of the first file, for people
  std::vector<std::filesystem::path> roots_;  // absolute, without links
  bool anywhere_;
};

}  // namespace offlab
