#include "session/preflight.h"

#include <cstdlib>
#include <sstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"
#include "process/user_mapping.h"

namespace offlab {

namespace fs = std::filesystem;

void complete_path() {
  const char* known = std::getenv("PATH");
  std::string path = known == nullptr ? "/usr/bin:/bin" : known;
  for (const char* folder : {"/usr/sbin", "/sbin"})
    if (fmt::format(":{}:", path).find(fmt::format(":{}:", folder)) == std::string::npos)
      path += fmt::format(":{}", folder);
  setenv("PATH", path.c_str(), 1);
}

bool in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access(fmt::format("{}/{}", folder, program).c_str(), X_OK) == 0) return true;
  return false;
}

void check_tun() {
  const UniqueFd tun(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  unsigned features = 0;
  if (tun && ioctl(tun.get(), TUNGETFEATURES, &features) == 0) return;
  const Error reason = system_error("/dev/net/tun cannot be used");
  throw Error(reason.what(), geteuid() == 0 ? "modprobe tun; in a container, pass the device in (--device /dev/net/tun)"
                                            : "ask root for: chmod 0666 /dev/net/tun");
}

void check_space(const fs::path& folder, ByteCount needed) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (!error && space.available < needed.bytes)
    throw Error(fmt::format("{} has {} left, a run may need {}", folder.string(), to_string(ByteCount{space.available}),
                            to_string(needed)),
                "free some space, or name another folder with --out");
}

void check_host(const fs::path& run_folder, ByteCount needed) {
  if (geteuid() != 0) require_sub_ids();
  if (!in_path("qemu-system-x86_64"))
    throw Error("QEMU is not installed (qemu-system-x86_64)", "./ci/deps.sh run, or apt-get install qemu-system-x86");
  check_tun();
  check_space(run_folder, needed);
}

}  // namespace offlab
