// Somebody else may have put links into the folder.
#include "base/new_file.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/read_file.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

class NewFileTest : public testing::Test {
 protected:
  NewFileTest() {
    fs::create_directory(folder_);
    write_file(victim_, "precious");
  }

  void put(const fs::path& relative, std::string_view text) const {
    NewFile file(folder_, relative);
    file.write(text);
    file.take_its_place();
  }
  std::string refusal(const fs::path& relative) const {
    try {
      put(relative, "hostile");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TempFolder temp_;
  fs::path folder_ = temp_.path() / "run";
  fs::path victim_ = temp_.path() / "elsewhere/victim";
};

TEST_F(NewFileTest, IsMadeWithTheFoldersOnItsWay) {
  put("cases/01-a/case.json", "one");
  EXPECT_EQ(read_whole_file(folder_ / "cases/01-a/case.json"), "one");
  put("cases/01-a/case.json", "two");
  EXPECT_EQ(read_whole_file(folder_ / "cases/01-a/case.json"), "two");
}

TEST_F(NewFileTest, FollowsNoLinkInThePlaceOfTheUnfinishedFile) {
  fs::create_symlink(victim_, folder_ / "run.json.new");
  put("run.json", "{}");
  EXPECT_EQ(read_whole_file(victim_), "precious");
  EXPECT_EQ(read_whole_file(folder_ / "run.json"), "{}");
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder_ / "run.json.new")));
}

TEST_F(NewFileTest, ReplacesALinkInItsPlace) {
  fs::create_symlink(victim_, folder_ / "run.json");
  put("run.json", "{}");
  EXPECT_EQ(read_whole_file(victim_), "precious");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder_ / "run.json")));
}

TEST_F(NewFileTest, RefusesALinkOnItsWay) {
  fs::create_directory_symlink(victim_.parent_path(), folder_ / "cases");
  EXPECT_EQ(refusal("cases/victim"),
            (folder_ / "cases").string() + " is a link, or no folder; offlab does not follow it");
  EXPECT_EQ(read_whole_file(victim_), "precious");
  write_file(folder_ / "file", "");
  EXPECT_NE(refusal("file/x"), "");
}

TEST_F(NewFileTest, RefusesAPathThatLeadsOut) {
  for (const fs::path& path : {fs::path("../elsewhere/victim"), fs::path("a/../../elsewhere/victim"), victim_,
                               fs::path("a/"), fs::path(""), fs::path("..")})
    EXPECT_NE(refusal(path), "") << path;
  EXPECT_EQ(read_whole_file(victim_), "precious");
}

TEST_F(NewFileTest, LeavesTheOldOneUntilItIsWhole) {
  put("run.json", "old");
  {
    NewFile file(folder_, "run.json");
    file.write("half");
  }
  EXPECT_EQ(read_whole_file(folder_ / "run.json"), "old");
  EXPECT_FALSE(fs::exists(folder_ / "run.json.new"));
}

TEST_F(NewFileTest, HasThePermissionsOfTheOldOne) {
  put("router.pcapng", "old");
  fs::permissions(folder_ / "router.pcapng", fs::perms::owner_read);
  put("router.pcapng", "new");
  EXPECT_EQ(read_whole_file(folder_ / "router.pcapng"), "new");
  EXPECT_EQ(fs::status(folder_ / "router.pcapng").permissions(), fs::perms::owner_read);
}

}  // namespace
}  // namespace offlab
