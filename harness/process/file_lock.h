// Advisory locks (flock) on files and folders, freed by the kernel when their holder dies.
#pragma once

#include <filesystem>
#include <optional>

#include "base/deadline.h"
#include "base/handle.h"

namespace offlab {

class FileLock {
 public:
  enum class Kind { shared, exclusive };

  // Waits for the exclusive lock on `file`, which is made when it does not exist. Throws Error when the deadline
  // passes.
  FileLock(const std::filesystem::path& file, const Deadline& deadline, const std::stop_token& stop);
  // Of an open file, exclusive. Throws Error when somebody holds it.
  explicit FileLock(UniqueFd file);

  // Of a file or folder that exists. Nothing when there is none, or a link in its place, when somebody holds a lock
  // that does not go with this one, or when another one took its place meanwhile. Never waits.
  static std::optional<FileLock> try_take(const std::filesystem::path& path, Kind kind);
  // Does somebody hold a lock of this file? Not where there is no such file.
  static bool is_held(const std::filesystem::path& file);
  // Exclusive. Makes the file when it does not exist. Nothing when somebody holds it. Never waits.
  static std::optional<FileLock> try_make(const std::filesystem::path& file);

  // Children that have the descriptor hold the lock as well.
  int descriptor() const { return file_.get(); }
  // Frees the lock, unless a child holds it.
  void release() { file_.reset(); }

 private:
  struct Taken {};
  FileLock(UniqueFd file, Taken) : file_(std::move(file)) {}

  UniqueFd file_;
};

}  // namespace offlab
