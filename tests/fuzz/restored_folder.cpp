#include "fuzz/restored_folder.h"

#include <algorithm>

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"
#include "base/read_file.h"
#include "unit/temp_folder.h"

namespace offlab::fuzz {
namespace {

namespace fs = std::filesystem;

struct stat status_of(const fs::path& file) {
  struct stat status {};
  if (lstat(file.c_str(), &status) != 0) status.st_mode = 0;
  return status;
}

void remove_whatever_is_there(const fs::path& file) {
  if (S_ISDIR(status_of(file).st_mode)) chmod(file.c_str(), 0700);
  fs::remove_all(file);
}

}  // namespace

RestoredFolder::RestoredFolder(fs::path folder) : folder_(std::move(folder)) {
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    const std::string relative = entry.path().lexically_relative(folder_);
    (entry.is_directory() ? folders_ : files_).push_back(relative);
    originals_[relative] = {entry.is_directory() ? "" : read_whole_file(entry.path()), status_of(entry.path())};
  }
  std::sort(files_.begin(), files_.end());
  std::sort(folders_.begin(), folders_.end());
}

void RestoredFolder::write(const std::string& file, const std::string& text) {
  damaged_ = file;
  write_file(folder_ / file, text);
}

std::string RestoredFolder::replace(const std::string& relative, const fs::path& outside, Random& random) {
  damaged_ = relative;
  const fs::path here = folder_ / relative;
  const bool was_folder = S_ISDIR(status_of(here).st_mode);
  const auto kind = random() % 12;
  if (kind == 0) {
    chmod(here.c_str(), 0);
    return relative + " that nobody may read";
  }
  const std::string content = was_folder || !fs::exists(here) ? "" : read_whole_file(here);
  remove_whatever_is_there(here);
  fs::create_directories(here.parent_path());
  switch (kind) {
    case 1:
      return relative + " missing";
    case 2:
      fs::create_symlink(outside / relative, here);
      return relative + " as a link to the same outside";
    case 3:
      fs::create_symlink(fs::relative(outside / relative, here.parent_path()), here);
      return relative + " as a relative link to the same outside";
    case 4:
      fs::create_symlink(outside / "nothing", here);
      return relative + " as a link to nothing outside";
    case 5:
      fs::create_symlink(outside, here);
      return relative + " as a link to a folder outside";
    case 6:
      fs::create_symlink(here.filename(), here);
      return relative + " as a link to itself";
    case 7:
      mkfifo(here.c_str(), 0600);
      return relative + " as a FIFO";
    case 8:
      if (mknod(here.c_str(), S_IFCHR | 0600, makedev(1, 5)) != 0) fs::create_symlink("/dev/zero", here);
      return relative + " as a device without end";
    case 9:
      if (was_folder)
        write_file(here, "a file");
      else
        fs::create_directories(here / "folder");
      return relative + (was_folder ? " as a file" : " as a folder");
    case 10:
      write_file(here, "");
      return relative + " as an empty file";
    default:
      fs::create_hard_link(outside / "victim", here);
      return relative + " as another name of a file outside";
  }
}

void RestoredFolder::remove_strangers() const {
  std::vector<fs::path> strangers;
  for (fs::recursive_directory_iterator entry(folder_), end; entry != end; ++entry) {
    const auto original = originals_.find(entry->path().lexically_relative(folder_));
    const mode_t kind = status_of(entry->path()).st_mode & S_IFMT;
    if (original == originals_.end() || (original->second.status.st_mode & S_IFMT) != kind) {
      strangers.push_back(entry->path());
      entry.disable_recursion_pending();
    } else if (kind == S_IFDIR) {
      chmod(entry->path().c_str(), 0700);
    }
  }
  for (const fs::path& stranger : strangers) remove_whatever_is_there(stranger);
}

bool RestoredFolder::is_as_it_was(const std::string& relative, const Original& original) const {
  const struct stat now = status_of(folder_ / relative);
  const struct stat& then = original.status;
  if (S_ISDIR(then.st_mode)) return S_ISDIR(now.st_mode);
  return now.st_ino == then.st_ino && now.st_mode == then.st_mode && now.st_size == then.st_size &&
         now.st_mtim.tv_sec == then.st_mtim.tv_sec && now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
}

void RestoredFolder::restore() {
  remove_strangers();
  for (const std::string& folder : folders_)
    if (!is_as_it_was(folder, originals_.at(folder))) fs::create_directories(folder_ / folder);
  for (const std::string& file : files_) {
    Original& original = originals_.at(file);
    if (file != damaged_ && is_as_it_was(file, original)) continue;
    fs::remove(folder_ / file);
    write_file(folder_ / file, original.content);
    original.status = status_of(folder_ / file);
  }
}

}  // namespace offlab::fuzz
