#include "base/read_file.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"

namespace offlab {

void require_regular_file(int descriptor, const std::string& name) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) throw system_error("reading " + name);
  if (!S_ISREG(status.st_mode)) throw Error(name + " is no regular file");
}

std::string read_whole_descriptor(int descriptor, const std::string& name, std::uint64_t limit) {
  require_regular_file(descriptor, name);
  std::string text;
  std::array<char, 65536> chunk;
  // Files of /proc have a size of 0: what counts is what can be read.
  for (ssize_t got = 0; (got = read(descriptor, chunk.data(), chunk.size())) != 0;) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_error("reading " + name);
    text.append(chunk.data(), static_cast<std::size_t>(got));
    if (text.size() > limit) throw Error(fmt::format("{} is larger than {} bytes", name, limit));
  }
  return text;
}

std::string read_whole_file(const std::filesystem::path& file, std::uint64_t limit) {
  const UniqueFd opened(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!opened) throw system_error("reading " + file.string());
  return read_whole_descriptor(opened.get(), file.string(), limit);
}

}  // namespace offlab
