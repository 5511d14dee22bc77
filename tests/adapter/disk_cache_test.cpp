// Disks of users in the cache: qemu-img copies them.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "cache/image_store.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::StrEq;

class DiskCache : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/qemu-img")) GTEST_SKIP() << "qemu-img is not installed";
    std::ofstream(scratch_ / "offlab-state") << "a program";
    write_disk(scratch_ / "router.raw", 'a');
  }

  // A boot sector, and something behind it.
  static void write_disk(const fs::path& file, char content) {
    std::string bytes(1'048'576, '\0');
    bytes[510] = '\x55';
    bytes[511] = static_cast<char>(0xaa);
    bytes[446 + 4] = '\x83';
    bytes.replace(4096, 4096, 4096, content);
    std::ofstream(file, std::ios::binary) << bytes;
  }

  fs::path disk_of(const std::string& recipe, const std::string& file) {
    ImageRecipe one;
    one.name = recipe;
    one.own_programs = {(scratch_ / "offlab-state").string()};
    one.disk = DiskImage{};
    one.disk->file = (scratch_ / file).string();
    bool built = false;
    return ImageStore(scratch_ / "cache", [](const std::string&) {}).build(one, built, {}).disk;
  }

  ScratchFolder scratch_;
};

TEST_F(DiskCache, HasADiskOnceHoweverManyRecipesNameIt) {
  const fs::path one = disk_of("one", "router.raw");
  const fs::path other = disk_of("other", "router.raw");
  EXPECT_NE(one, other);
  EXPECT_TRUE(fs::equivalent(one, other));
  // Each goes on without the other one.
  fs::remove_all(one.parent_path());
  EXPECT_EQ(disk_of("other", "router.raw"), other);
}

TEST_F(DiskCache, KeepsDisksApartThatDiffer) {
  const fs::path one = disk_of("one", "router.raw");
  write_disk(scratch_ / "other.raw", 'b');
  EXPECT_FALSE(fs::equivalent(one, disk_of("other", "other.raw")));
}

TEST_F(DiskCache, DoesNotTakeADamagedCopy) {
  const fs::path one = disk_of("one", "router.raw");
  const std::string whole = read_whole_file(one);
  fs::permissions(one, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(one, std::ios::binary) << "damaged";
  const fs::path other = disk_of("other", "router.raw");
  EXPECT_FALSE(fs::equivalent(one, other));
  EXPECT_THAT(read_whole_file(other), StrEq(whole));
}

}  // namespace
}  // namespace offlab::test
