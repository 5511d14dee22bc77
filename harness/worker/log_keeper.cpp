#include "worker/log_keeper.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/handle.h"
#include "base/new_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// The last `limit` bytes of it.
void copy_end(int log, std::uint64_t size, std::uint64_t limit, NewFile& copy) {
  std::array<char, 65536> chunk;
  auto at = static_cast<off_t>(size > limit ? size - limit : 0);
  for (std::uint64_t left = limit; left > 0;) {
    const ssize_t got = pread(log, chunk.data(), std::min<std::uint64_t>(chunk.size(), left), at);
    if (got <= 0) return;
    copy.write(std::string_view(chunk.data(), static_cast<std::size_t>(got)));
    at += got;
    left -= static_cast<std::uint64_t>(got);
  }
}

void rotate_logs_of(const fs::path& folder) {
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone)) try {
      if (entry.path().extension() == ".log") rotate_log(folder, entry.path().filename());
    } catch (const Error&) {
      continue;  // a full disk: the next look tries again
    }
}

}  // namespace

bool rotate_log(const fs::path& folder, const std::string& name, std::uint64_t limit) {
  const UniqueFd log(open((folder / name).c_str(), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!log || fstat(log.get(), &status) != 0) throw system_error(fmt::format("opening {}", (folder / name).string()));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size <= limit) return false;
  NewFile earlier(folder, name + ".1");
  copy_end(log.get(), size, limit, earlier);
  earlier.take_its_place();
  const std::string line = fmt::format("[offlab: the log had {} bytes; its last {} are in {}.1]\n", size, limit, name);
  if (ftruncate(log.get(), 0) != 0 || write(log.get(), line.data(), line.size()) < 0)
    throw system_error(fmt::format("cutting {}", (folder / name).string()));
  return true;
}

LogKeeper::LogKeeper(std::vector<fs::path> folders)
    : watcher_([folders = std::move(folders)](const std::stop_token& over) {
        while (!over.stop_requested()) {
          for (const fs::path& folder : folders) rotate_logs_of(folder);
          SteadyClock clock;
          clock.wait_until(clock.now() + std::chrono::milliseconds(200), over);
        }
      }) {}

}  // namespace offlab
