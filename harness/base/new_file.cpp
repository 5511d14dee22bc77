#include "base/new_file.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

UniqueFd open_folder(const fs::path& folder) {
  UniqueFd opened(open(folder.c_str(), folder_flags));
  if (!opened) throw system_error(fmt::format("opening {}", folder.string()));
  return opened;
}

UniqueFd make_folder_in(const UniqueFd& folder, const std::string& name, const fs::path& so_far) {
  if (mkdirat(folder.get(), name.c_str(), 0777) != 0 && errno != EEXIST)
    throw system_error(fmt::format("creating {}", so_far.string()));
  UniqueFd next(openat(folder.get(), name.c_str(), folder_flags | O_NOFOLLOW));
  if (!next && (errno == ELOOP || errno == ENOTDIR))
    throw Error(fmt::format("{} is a link or no folder: nothing is written there", so_far.string()));
  if (!next) throw system_error(fmt::format("opening {}", so_far.string()));
  return next;
}

bool leads_out(const fs::path& relative) {
  if (relative.is_absolute() || !relative.has_filename()) return true;
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return part == ".." || part == "."; });
}

}  // namespace

NewFile::NewFile(const fs::path& folder, const fs::path& relative)
    : file_(folder / relative), name_(relative.filename()), fresh_name_(name_ + ".new") {
  if (leads_out(relative)) throw Error(fmt::format("'{}' is no file below {}", relative.string(), folder.string()));
  folder_ = open_folder(folder);
  fs::path so_far = folder;
  for (const fs::path& part : relative.parent_path()) folder_ = make_folder_in(folder_, part, so_far /= part);
  unlinkat(folder_.get(), fresh_name_.c_str(), 0);  // what a crash left, or a link that somebody put there
  UniqueFd fresh(
      openat(folder_.get(), fresh_name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
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
  if (fstatat(folder_.get(), name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(old.st_mode) &&
      fchmod(fileno(stream_.get()), old.st_mode & 0777U) != 0)
    fail("writing");
  if (std::fclose(stream_.release()) != 0) fail("writing");
  if (renameat(folder_.get(), fresh_name_.c_str(), folder_.get(), name_.c_str()) != 0) fail("writing");
  in_place_ = true;
}

void NewFile::fail(const std::string& action) const {
  const int number = errno;
  const Error reason = system_error(fmt::format("{} {}", action, file_.string()), number);
  throw Error(reason.what(), number == ENOSPC ? "free some space, or name another folder with --out" : "");
}

}  // namespace offlab
