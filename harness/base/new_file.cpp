#include "base/new_file.h"

#include <cerrno>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/folder_below.h"

namespace offlab {
namespace fs = std::filesystem;

NewFile::NewFile(const fs::path& folder, const fs::path& relative, FileReaders readers)
    : file_(folder / relative), name_(relative.filename()), fresh_name_(name_ + ".new"), readers_(readers) {
  if (leads_out(relative)) throw Error(fmt::format("'{}' is no file below {}", relative.string(), folder.string()));
  folder_ = FolderBelow(folder).make_folder(relative.parent_path());
  unlinkat(folder_.get(), fresh_name_.c_str(), 0);  // what a crash left, or a link that somebody put there
  const mode_t mode = readers_ == FileReaders::owner ? 0600 : 0666;
  UniqueFd fresh(
      openat(folder_.get(), fresh_name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fresh) fail("creating");
  stream_.reset(fdopen(fresh.get(), "wb"));
  if (!stream_) fail("creating");
  fresh.release();
}

NewFile::~NewFile() {
  if (!in_place_) unlinkat(folder_.get(), fresh_name_.c_str(), 0);
}

void NewFile::put(const void* data, std::size_t size) {
  if (std::fwrite(data, 1, size, stream_.get()) != size) fail("writing");
}

void NewFile::take_its_place() {
  struct stat old {};
  if (readers_ == FileReaders::as_usual && fstatat(folder_.get(), name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISREG(old.st_mode) && fchmod(fileno(stream_.get()), old.st_mode & 0777U) != 0)
    fail("writing");
  if (std::fclose(stream_.release()) != 0) fail("writing");
  if (renameat(folder_.get(), fresh_name_.c_str(), folder_.get(), name_.c_str()) != 0) fail("writing");
  in_place_ = true;
}

void NewFile::fail(const std::string& action) const {
  const int number = errno;
  const Error reason = system_error(fmt::format("{} {}", action, file_.string()), number);
  throw Error(reason.what(), number == ENOSPC ? "free some space on its disk, or name another folder" : "");
}

void write_to_disk(const fs::path& folder, const std::string& name, std::string_view text) {
  NewFile file(folder, name);
  file.write(text);
  file.take_its_place();
  sync_to_disk(folder / name);
  sync_to_disk(folder);
}

void sync_to_disk(const fs::path& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || fsync(file.get()) != 0) throw system_error("writing " + path.string());
}

}  // namespace offlab
