// The folder of a bundle: whole, or not there; and what was changed in it is noticed.
#include "bundle/bundle_folder.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "process/subprocess.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

void make(const fs::path& place) {
  BundleFolder folder(place);
  folder.write("README.md", "text\n");
  folder.write("lab/steps.sh", "steps\n", true);
  folder.finish();
}

TEST(BundleFolder, IsWholeWhenItIsThere) {
  const TempFolder temp;
  make(temp.path() / "one.bundle");
  EXPECT_EQ(damage_of_bundle(temp.path() / "one.bundle", {"README.md"}), "");
  EXPECT_THAT(refusal([&] { make(temp.path() / "one.bundle"); }), HasSubstr("is there already"));
}

TEST(BundleFolder, LeavesNothingBehindWhenItIsNotFinished) {
  const TempFolder temp;
  { BundleFolder(temp.path() / "one.bundle").write("README.md", "half"); }
  EXPECT_TRUE(fs::is_empty(temp.path()));
}

TEST(BundleFolder, NoticesWhatWasChangedAndTakenAway) {
  const TempFolder temp;
  const fs::path place = temp.path() / "one.bundle";
  make(place);
  std::ofstream(place / "lab/steps.sh") << "other\n";
  EXPECT_EQ(damage_of_bundle(place, {"README.md"}), "lab/steps.sh was changed");
  fs::remove(place / "lab/steps.sh");
  EXPECT_EQ(damage_of_bundle(place, {"README.md"}), "lab/steps.sh is not there");
  std::ofstream(place / "lab/steps.sh") << "steps\n";
  std::ofstream(place / "more") << "more";
  EXPECT_EQ(damage_of_bundle(place, {"README.md"}), "") << "what reproduce.sh makes may be there";
  EXPECT_EQ(damage_of_bundle(place, {"more"}), "SHA256SUMS does not name more");
  fs::remove(place / "more");
  fs::remove(place / "README.md");
  fs::create_symlink("/etc/passwd", place / "README.md");
  EXPECT_EQ(damage_of_bundle(place, {"README.md"}), "README.md is not there") << "links are not followed";
  std::ofstream(place / "SHA256SUMS") << "00  README.md\n00  ../outside\n";
  EXPECT_EQ(damage_of_bundle(place, {"README.md"}), "SHA256SUMS names a file outside");
  fs::remove(place / "SHA256SUMS");
  EXPECT_EQ(damage_of_bundle(place, {"README.md"}), "it has no SHA256SUMS");
}

TEST(BundleFolder, TheSameContentGivesTheSameArchive) {
  const TempFolder temp;
  fs::create_directory(temp.path() / "a");
  fs::create_directory(temp.path() / "b");
  make(temp.path() / "a/one.tar.zst");
  make(temp.path() / "b/one.tar.zst");
  EXPECT_EQ(sha256_hex_of_file(temp.path() / "a/one.tar.zst"), sha256_hex_of_file(temp.path() / "b/one.tar.zst"));
  EXPECT_EQ(std::distance(fs::directory_iterator(temp.path() / "a"), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace offlab
