// A folder that a stranger filled: with links out of it, FIFOs, and names that lead elsewhere.
#include "base/folder_below.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/read_file.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FolderBelowTest : public testing::Test {
 protected:
  FolderBelowTest() {
    write_file(temp_.path() / "outside/secret", "secret");
    write_file(path_ / "a/b/file", "content");
    write_file(path_ / "a/other", "");
    fs::create_directory_symlink(temp_.path() / "outside", path_ / "a/link");
    fs::create_symlink(temp_.path() / "outside/secret", path_ / "a/secret");
    EXPECT_EQ(mkfifo((path_ / "a/fifo").c_str(), 0600), 0);
  }

  FolderBelow folder() const { return FolderBelow(path_); }

  TempFolder temp_;
  fs::path path_ = temp_.path() / "run";
};

TEST(LeadsOut, WhateverIsNoPathBelow) {
  for (const char* path : {"/etc/passwd", "..", "../x", "a/../../x", "a/./b", ".", "", "a/", "/"})
    EXPECT_TRUE(leads_out(path)) << path;
  for (const char* path : {"a", "a/b", "a.b", "..a", "a..", "a/..b"}) EXPECT_FALSE(leads_out(path)) << path;
}

TEST_F(FolderBelowTest, ReadsItsOwnFiles) {
  EXPECT_EQ(read_whole_descriptor(folder().open_file("a/b/file").get(), "file"), "content");
  EXPECT_EQ(folder().kind_of("a/b/file"), EntryKind::file);
  EXPECT_EQ(folder().kind_of("a/b"), EntryKind::folder);
  EXPECT_EQ(folder().kind_of("a/none"), EntryKind::none);
  EXPECT_EQ(folder().kind_of("none/none"), EntryKind::none);
  EXPECT_EQ(folder().kind_of("a/other/none"), EntryKind::none);
}

TEST_F(FolderBelowTest, ALinkIsNotFollowed) {
  EXPECT_THAT(refusal([&] { folder().open_file("a/secret"); }), HasSubstr("a/secret is a link"));
  EXPECT_THAT(refusal([&] { folder().open_file("a/link/secret"); }), HasSubstr("a/link is a link"));
  EXPECT_EQ(folder().kind_of("a/secret"), EntryKind::other);
  EXPECT_EQ(folder().kind_of("a/link"), EntryKind::other);
  EXPECT_EQ(folder().kind_of("a/link/secret"), EntryKind::other);
  EXPECT_THAT(refusal([&] { folder().files_in("a/link"); }), HasSubstr("is a link"));
  EXPECT_THAT(refusal([&] { folder().make_folder("a/link/new"); }), HasSubstr("is a link"));
  EXPECT_FALSE(fs::exists(temp_.path() / "outside/new"));
}

TEST_F(FolderBelowTest, APathThatLeadsOutIsRefused) {
  for (const fs::path& path : {fs::path("../outside/secret"), temp_.path() / "outside/secret", fs::path("a/../../x")}) {
    EXPECT_THAT(refusal([&] { folder().open_file(path); }), HasSubstr("is no path below")) << path;
    EXPECT_THAT(refusal([&] { folder().kind_of(path); }), HasSubstr("is no path below")) << path;
    EXPECT_THAT(refusal([&] { folder().files_in(path); }), HasSubstr("is no path below")) << path;
    EXPECT_THAT(refusal([&] { folder().files_below(path); }), HasSubstr("is no path below")) << path;
    EXPECT_THAT(refusal([&] { folder().make_folder(path); }), HasSubstr("is no path below")) << path;
  }
}

TEST_F(FolderBelowTest, AFifoIsNoFileAndDoesNotHang) {
  EXPECT_THAT(refusal([&] { folder().open_file("a/fifo"); }), HasSubstr("is no regular file"));
  EXPECT_THAT(refusal([&] { folder().open_file("a/b"); }), HasSubstr("is no regular file"));
}

TEST_F(FolderBelowTest, ListsRegularFilesOnly) {
  EXPECT_THAT(folder().files_in("a"), ElementsAre("other"));
  EXPECT_THAT(folder().files_below("a"), ElementsAre("a/b/file", "a/other"));
  EXPECT_THAT(folder().files_in("none"), IsEmpty());
  EXPECT_THAT(folder().files_below("none/none"), IsEmpty());
}

TEST_F(FolderBelowTest, MakesFoldersOnTheWay) {
  folder().make_folder("x/y/z");
  folder().make_folder("x/y/z");
  EXPECT_TRUE(fs::is_directory(path_ / "x/y/z"));
  EXPECT_THAT(refusal([&] { folder().make_folder("a/other/z"); }), HasSubstr("no folder"));
}

TEST_F(FolderBelowTest, FoldersInFoldersHaveAnEnd) {
  fs::path deep = path_ / "deep";
  for (int i = 0; i < 60; ++i) deep /= "d";
  write_file(deep / "file", "");
  EXPECT_THAT(folder().files_below("deep"), IsEmpty());
}

TEST(KindOf, ALinkIsNoneOfThemWhereverItLeads) {
  const TempFolder temp;
  write_file(temp.path() / "folder/file", "");
  fs::create_symlink("folder", temp.path() / "link");
  fs::create_symlink("loop", temp.path() / "loop");
  EXPECT_EQ(kind_of(temp.path() / "folder"), EntryKind::folder);
  EXPECT_EQ(kind_of(temp.path() / "folder/file"), EntryKind::file);
  EXPECT_EQ(kind_of(temp.path() / "link"), EntryKind::other);
  EXPECT_EQ(kind_of(temp.path() / "loop"), EntryKind::other);
  EXPECT_EQ(kind_of(temp.path() / "loop/file"), EntryKind::none);
  EXPECT_EQ(kind_of(temp.path() / "folder/file/below"), EntryKind::none);
  EXPECT_THAT(folders_in(temp.path()), testing::ElementsAre(temp.path() / "folder"));
  EXPECT_THAT(folders_in(temp.path() / "nowhere"), testing::IsEmpty());
  EXPECT_THAT(folders_in(temp.path() / "loop"), testing::IsEmpty());
}

}  // namespace
}  // namespace offlab
