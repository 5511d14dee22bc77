#include "lab/ordinary_user.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace offlab::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t nobody = 65534;

constexpr const char* become_nobody = R"(set -e
mount --bind "$0/subuid" /etc/subuid
mount --bind "$0/subuid" /etc/subgid
mknod -m 0666 "$0/tun" c 10 200 2>/dev/null || true
mount --bind "$0/tun" /dev/net/tun
cd "$0"
exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@")";

}  // namespace

OrdinaryUserPlace::OrdinaryUserPlace(const fs::path& cache) {
  std::ofstream(folder_ / "subuid") << "nobody:100000:65536\n";
  const char* stock = "images/debian-12";  // and not disks of gigabytes
  fs::create_directories(this->cache() / "images");
  if (fs::exists(cache / stock))
    fs::copy(cache / stock, this->cache() / stock, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  give(folder_.path());
}

void OrdinaryUserPlace::give(const fs::path& file) const {
  EXPECT_EQ(lchown(file.c_str(), nobody, nobody), 0) << file;
  if (!fs::is_directory(fs::symlink_status(file))) return;
  for (const auto& entry : fs::recursive_directory_iterator(file))
    EXPECT_EQ(lchown(entry.path().c_str(), nobody, nobody), 0) << entry.path();
}

std::vector<std::string> OrdinaryUserPlace::prefix() const {
  return {"unshare", "--mount", "sh", "-c", become_nobody, folder_.path().string()};
}

std::vector<std::string> OrdinaryUserPlace::environment() const {
  return {"OFFLAB_CACHE=" + cache().string(), "HOME=" + folder_.path().string(),
          "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"};
}

}  // namespace offlab::test
