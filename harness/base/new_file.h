// A file below a folder that may be somebody else's: its content is written to a new file, which then takes the place
// of the old one. Nothing outside of the folder is written, whatever links there are in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/handle.h"

namespace offlab {

enum class FileReaders { as_usual, owner };  // as the umask says and an old file has it; its owner alone (0600)

class NewFile {
 public:
  // `relative` is a path below `folder`; the folders on the way are made. Throws Error where one of them is a link or
  // no folder, and where the path leads out of `folder`.
  NewFile(const std::filesystem::path& folder, const std::filesystem::path& relative,
          FileReaders readers = FileReaders::as_usual);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  // Unless it took the old one's place, it is removed.
  ~NewFile();

  // Throws Error, with a remedy when the disk is full.
  void write(std::string_view text) { put(text.data(), text.size()); }
  void write(std::span<const std::uint8_t> bytes) { put(bytes.data(), bytes.size()); }
  // A reader, or whoever comes after a crash, sees the old file or the new one, never half of it. The new one has the
  // old one's permissions, unless it is for its owner; a link is replaced, not followed.
  void take_its_place();

 private:
  void put(const void* data, std::size_t size);
  [[noreturn]] void fail(const std::string& action) const;

  std::filesystem::path file_;  // for people
  std::string name_;
  std::string fresh_name_;
  FileReaders readers_;
  UniqueFd folder_;  // that holds it
  Handle<std::FILE, std::fclose> stream_;
  bool in_place_ = false;
};

// A new file of that name with this text, in place of an old one, and on disk when it returns. Throws Error.
void write_to_disk(const std::filesystem::path& folder, const std::string& name, std::string_view text);

// A file or folder as it is now is there after a power failure. Throws Error.
void sync_to_disk(const std::filesystem::path& path);

}  // namespace offlab
