// What is locked is a file or folder of ours, never what somebody put in its place.
#include "process/file_lock.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

class FileLockTest : public testing::Test {
 protected:
  bool can_be_taken() const { return FileLock::try_take(file_, FileLock::Kind::exclusive).has_value(); }

  TempFolder temp_;
  fs::path file_ = temp_.path() / "lock";
};

TEST_F(FileLockTest, IsHeldByOneAtATime) {
  EXPECT_FALSE(can_be_taken());
  write_file(file_, "");
  {
    const auto holder = FileLock::try_take(file_, FileLock::Kind::exclusive);
    ASSERT_TRUE(holder);
    EXPECT_FALSE(can_be_taken());
  }
  EXPECT_TRUE(can_be_taken());
}

TEST_F(FileLockTest, ALinkIsNotFollowed) {
  write_file(temp_.path() / "elsewhere", "");
  for (const char* target : {"elsewhere", "lock", "nowhere"}) {
    fs::remove(file_);
    fs::create_symlink(target, file_);
    EXPECT_FALSE(can_be_taken()) << target;
  }
}

TEST_F(FileLockTest, AFifoIsNotWaitedFor) {
  ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0);
  EXPECT_TRUE(can_be_taken());
}

}  // namespace
}  // namespace offlab
