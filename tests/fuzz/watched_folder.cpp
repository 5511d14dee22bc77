#include "fuzz/watched_folder.h"

#include <array>
#include <cerrno>

#include <fmt/core.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"

namespace offlab::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t comes_and_goes = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
constexpr std::uint32_t touched =
    comes_and_goes | IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_OPEN | IN_ACCESS;

std::string words_of(std::uint32_t mask) {
  constexpr std::array<std::pair<std::uint32_t, const char*>, 9> words = {
      {{IN_CREATE, " made"},
       {IN_DELETE | IN_DELETE_SELF, " removed"},
       {IN_MOVED_FROM | IN_MOVE_SELF, " moved away"},
       {IN_MOVED_TO, " moved here"},
       {IN_MODIFY, " written"},
       {IN_CLOSE_WRITE, " closed after writing"},
       {IN_ATTRIB, " attributes"},
       {IN_OPEN, " opened"},
       {IN_ACCESS, " read"}}};
  std::string text;
  for (const auto& [bits, word] : words)
    if ((mask & bits) != 0) text += word;
  return text;
}

std::string description_of(const fs::path& file) {
  struct stat status {};
  if (lstat(file.c_str(), &status) != 0) return "gone";
  const std::string content = S_ISREG(status.st_mode) ? sha256_hex_of_file(file) : "";
  return fmt::format("mode {:o}, {} bytes, changed at {}.{:09}, {}", status.st_mode, status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec, content);
}

std::map<std::string, std::string> descriptions_in(const fs::path& folder) {
  std::map<std::string, std::string> all = {{folder, description_of(folder)}};
  for (const auto& entry : fs::recursive_directory_iterator(folder)) all[entry.path()] = description_of(entry.path());
  return all;
}

}  // namespace

WatchedFolder::WatchedFolder(const fs::path& folder)
    : folder_(folder), queue_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), original_(descriptions_in(folder)) {
  if (!queue_) throw system_error("watching a folder");
  watch(folder, touched);
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_directory()) watch(entry.path(), touched);
  watch(folder.parent_path(), comes_and_goes);
  events();
}

void WatchedFolder::watch(const fs::path& folder, std::uint32_t what) {
  const int number = inotify_add_watch(queue_.get(), folder.c_str(), what);
  if (number < 0) throw system_error(fmt::format("watching {}", folder.string()));
  watched_[number] = folder;
}

std::vector<std::string> WatchedFolder::events() {
  std::vector<std::string> all;
  alignas(inotify_event) std::array<char, 65536> buffer;
  for (ssize_t got = 0; (got = read(queue_.get(), buffer.data(), buffer.size())) > 0;)
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      all.push_back((watched_[event->wd] / (event->len == 0 ? "" : event->name)).string() + words_of(event->mask));
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  return all;
}

std::vector<std::string> WatchedFolder::changes() const {
  std::vector<std::string> changed;
  const auto now = descriptions_in(folder_);
  for (const auto& [file, description] : original_) {
    const auto found = now.find(file);
    const std::string is = found == now.end() ? "gone" : found->second;
    if (is != description) changed.push_back(fmt::format("{}: was {}, is {}", file, description, is));
  }
  for (const auto& [file, description] : now)
    if (original_.count(file) == 0) changed.push_back(fmt::format("{}: new, {}", file, description));
  return changed;
}

}  // namespace offlab::fuzz
