// A folder that is damaged again and again, and put back each time to what it was.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "fuzz/damage.h"

namespace offlab::fuzz {

class RestoredFolder {
 public:
  // Remembers what is in `folder`: files and folders.
  explicit RestoredFolder(std::filesystem::path folder);

  const std::filesystem::path& path() const { return folder_; }
  // Relative to the folder, sorted.
  const std::vector<std::string>& files() const { return files_; }
  const std::vector<std::string>& folders() const { return folders_; }
  const std::string& content(const std::string& file) const { return originals_.at(file).content; }

  void write(const std::string& file, const std::string& text);
  // Puts something else where a file or folder is or could be: a link, a FIFO, a device, a folder, nothing. Links lead
  // to what has the same path in `outside`, or to nothing. Gives what it did in words.
  std::string replace(const std::string& relative, const std::filesystem::path& outside, Random& random);
  void restore();

 private:
  struct Original {
    std::string content;
    struct stat status;
  };

  void remove_strangers() const;
  bool is_as_it_was(const std::string& relative, const Original& original) const;

  std::filesystem::path folder_;
  std::vector<std::string> files_;
  std::vector<std::string> folders_;
  std::map<std::string, Original> originals_;
  std::string damaged_;  // by us: a clock that ticks every few milliseconds may not show it
};

}  // namespace offlab::fuzz
