#include "session/named_files.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>

#include "base/error.h"
#include "base/folder_below.h"
#include "base/read_file.h"
#include "base/usage_error.h"
#include "config/limits.h"
#include "session/paths.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

fs::path without_links(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::absolute(path, error);
  if (!error) real = fs::weakly_canonical(real, error);
  if (error) throw system_error(fmt::format("following {}", path.string()), error.value());
  return real;
}

bool is_below(const fs::path& file, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end == folder.end() && rest != file.end();
}

}  // namespace

std::string read_named_file(const fs::path& file) {
  std::error_code ignored;
  const std::string remedy = fmt::format("name a regular file of at most {} KiB{}", max_text_bytes / 1024,
                                         fs::is_directory(file, ignored) ? " (offlab verify takes folders)" : "");
  try {
    return read_whole_file(file, max_text_bytes);
  } catch (const Error& error) {
    throw UsageError(fmt::format("error: {}\n  remedy: {}\n", error.what(), remedy));
  }
}

void find_file(std::string& file, const fs::path& beside) {
  if (file.empty()) return;
  const char* home = std::getenv("HOME");
  const bool is_home = file.starts_with("~/") && home != nullptr;
  file = fs::absolute(is_home ? fs::path(home) / file.substr(2) : beside / file).lexically_normal();
}

void find_files_of(MachineLogin& machine, const fs::path& beside) {
  for (std::string* file : {&machine.login.key_file, &machine.login.password_file, &machine.known_hosts})
    find_file(*file, beside);
}

ReachableFiles::ReachableFiles(const fs::path& first, bool anywhere)
    : folder_(folder_of(first).string()), roots_({without_links(folder_of(first))}), anywhere_(anywhere) {
  for (const char* shipped : {"topologies", "guest-images"}) try {
      roots_.push_back(without_links(shipped_file(shipped)));
    } catch (const Error&) {
      continue;  // nothing is shipped with this program
    }
}

ReachableFiles::Found ReachableFiles::read(const fs::path& by, const std::string& path) const {
  const std::string allow = fmt::format("put the file below {}, or allow others with --extend-anywhere", folder_);
  if (!anywhere_ && fs::path(path).is_absolute()) throw Error(fmt::format("'{}' is an absolute path", path), allow);
  const fs::path named = folder_of(by) / path;
  const fs::path real = without_links(named);
  if (!anywhere_ &&
      std::none_of(roots_.begin(), roots_.end(), [&](const fs::path& root) { return is_below(real, root); }))
    throw Error(fmt::format("'{}' leads out of the folder {}", path, folder_), allow);
  const fs::path short_name = (by.parent_path() / path).lexically_normal();
  return {without_links(short_name) == real ? short_name : named, real, read_real(real, path)};
}

// Whoever puts a link there after it was looked at gains nothing: no link is followed now.
std::string ReachableFiles::read_real(const fs::path& real, const std::string& path) const {
  for (const fs::path& root : roots_)
    if (is_below(real, root))
      return read_whole_descriptor(FolderBelow(root).open_file(real.lexically_relative(root)).get(), path,
                                   max_text_bytes);
  return read_whole_file(real, max_text_bytes);
}

}  // namespace offlab
