// Folders that others own or can write to.
#include "base/trusted_folder.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

constexpr uid_t stranger = 65534;

std::string refusal(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.remedy(), "do this");
    return error.what();
  }
  return "";
}

class TrustedFolder : public testing::Test {
 protected:
  std::string refused(const fs::path& path) const {
    return refusal([&] { trusted_path(path, "do this"); });
  }
  std::string not_private(const fs::path& path) const {
    return refusal([&] { private_folder(path, "do this"); });
  }
  fs::path make(const std::string& name, mode_t mode) const {
    const fs::path folder = temp_.path() / name;
    fs::create_directories(folder);
    EXPECT_EQ(chmod(folder.c_str(), mode), 0);
    return folder;
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  TempFolder temp_;
};

TEST_F(TrustedFolder, OfOnesOwnIsFineThoughPartsAreMissing) {
  const fs::path folder = make("own", 0755);
  EXPECT_EQ(trusted_path(folder / "a/b", "do this"), folder / "a/b");
  EXPECT_EQ(trusted_path(folder / "a/../b/.", "do this"), folder / "b");
}

TEST_F(TrustedFolder, ThatOthersCanWriteIsRefused) {
  EXPECT_THAT(refused(make("open", 0777)), HasSubstr("open can be written by other users"));
  EXPECT_THAT(refused(make("open", 0777) / "below"), HasSubstr("open can be written by other users"));
}

TEST_F(TrustedFolder, WithTheStickyBitIsFineOnTheWayAndNotAtTheEnd) {
  const fs::path shared = make("shared", 01777);
  EXPECT_EQ(refused(shared / "own"), "");
  EXPECT_THAT(refused(shared), HasSubstr("can be written by other users"));
}

TEST_F(TrustedFolder, LinksAreResolvedAndCheckedAtTheirTarget) {
  const fs::path open = make("open", 0777);
  const fs::path own = make("own", 0755);
  fs::create_directory_symlink(own, temp_.path() / "good");
  fs::create_directory_symlink("open", temp_.path() / "bad");
  EXPECT_EQ(trusted_path(temp_.path() / "good/x", "do this"), own / "x");
  EXPECT_THAT(refused(temp_.path() / "bad/x"), HasSubstr("open can be written"));
  fs::create_directory_symlink("circle", temp_.path() / "circle");
  EXPECT_THAT(refused(temp_.path() / "circle/x"), HasSubstr("too many links"));
}

TEST_F(TrustedFolder, OfAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, for another user's folder";
  const fs::path theirs = make("theirs", 0755);
  ASSERT_EQ(chown(theirs.c_str(), stranger, stranger), 0);
  EXPECT_THAT(refused(theirs / "runs"), HasSubstr("theirs belongs to user "));
  const fs::path shared = make("shared", 01777);
  fs::create_directory_symlink(make("own", 0755), shared / "link");
  ASSERT_EQ(lchown((shared / "link").c_str(), stranger, stranger), 0);
  EXPECT_THAT(refused(shared / "link/x"), HasSubstr("link belongs to user "));
}

TEST_F(TrustedFolder, APrivateOneIsMadeClosed) {
  const fs::path folder = temp_.path() / "new/cache";
  EXPECT_EQ(private_folder(folder, "do this"), folder);
  EXPECT_EQ(mode_of(folder), 0700U);
}

TEST_F(TrustedFolder, APrivateOneThatOthersCouldReadIsClosedToThem) {
  EXPECT_EQ(not_private(make("old", 0755)), "");
  EXPECT_EQ(mode_of(temp_.path() / "old"), 0700U);
}

TEST_F(TrustedFolder, APrivateOneThatOthersCouldWriteIsRefused) {
  EXPECT_THAT(not_private(make("open", 0777)), HasSubstr("can be written by other users"));
  EXPECT_EQ(mode_of(temp_.path() / "open"), 0777U);
}

TEST_F(TrustedFolder, APrivateOneOfAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, for another user's folder";
  const fs::path theirs = make("theirs", 0700);
  ASSERT_EQ(chown(theirs.c_str(), stranger, stranger), 0);
  EXPECT_THAT(not_private(theirs), HasSubstr("theirs belongs to user "));
}

}  // namespace
}  // namespace offlab
