// Topology files are regular files of some size, and extend only what is below the first one's folder, or shipped.
#include "session/named_files.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/usage_error.h"
#include "folders.h"
#include "session/scenario_file.h"
#include "unit/config/good_file.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// What loading a file says; empty when it is fine.
std::string trouble_with(const fs::path& file, bool anywhere = false) {
  ScenarioOptions options;
  options.file = file;
  options.extend_anywhere = anywhere;
  try {
    load_scenario(options);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

class NamedFiles : public testing::Test {
 protected:
  void SetUp() override {
    write_file(temp_.path() / "secret", "root:hunter2:0\n");
    write_file(temp_.path() / "outside.toml", good_file);
    write_file(temp_.path() / "mine/below/base.toml", good_file);
  }
  std::string trouble_when_extending(const std::string& path, bool anywhere = false) const {
    write_file(first_, "extend = \"" + path + "\"\nname = \"over\"\n");
    return trouble_with(first_, anywhere);
  }

  TempFolder temp_;
  fs::path first_ = temp_.path() / "mine/lab.toml";
};

TEST_F(NamedFiles, WhatIsBelowTheFolderIsExtended) {
  EXPECT_EQ(trouble_when_extending("below/base.toml"), "");
  EXPECT_EQ(trouble_when_extending("./below/../below/base.toml"), "");
  EXPECT_EQ(trouble_when_extending("../mine/below/base.toml"), "");
}

TEST_F(NamedFiles, WhatIsOutsideIsNot) {
  for (const std::string& path :
       {std::string("../outside.toml"), std::string("below/../../outside.toml"), std::string("../secret"),
        std::string("../../../../../../../../etc/passwd"), std::string("../missing.toml")})
    EXPECT_EQ(
        trouble_when_extending(path),
        fmt::format(
            "{0}:1:10: error: '{1}' leads out of the folder {2}\n  extend = \"{1}\"\n           ^\n  hint: put the "
            "file below {2}, or allow others with --extend-anywhere\n1 mistake in {0}\n",
            first_.string(), path, first_.parent_path().string()));
  EXPECT_THAT(trouble_when_extending((temp_.path() / "secret").string()), HasSubstr("is an absolute path"));
  EXPECT_THAT(trouble_when_extending((temp_.path() / "mine/below/base.toml").string()),
              HasSubstr("is an absolute path"));
}

TEST_F(NamedFiles, NorWhereLinksLeadOut) {
  fs::create_symlink(temp_.path() / "secret", temp_.path() / "mine/link");
  fs::create_directory_symlink(temp_.path(), temp_.path() / "mine/up");
  fs::create_symlink("below/base.toml", temp_.path() / "mine/inside");
  EXPECT_THAT(trouble_when_extending("link"), HasSubstr("leads out of the folder"));
  EXPECT_THAT(trouble_when_extending("up/outside.toml"), HasSubstr("leads out of the folder"));
  EXPECT_THAT(trouble_when_extending("up/mine/../secret"), HasSubstr("leads out of the folder"));
  EXPECT_EQ(trouble_when_extending("inside"), "");
}

TEST_F(NamedFiles, TheFolderIsThatOfTheFirstFileHoweverManyFollow) {
  write_file(temp_.path() / "mine/below/deep/two.toml", "extend = \"../base.toml\"\n");
  EXPECT_EQ(trouble_when_extending("below/deep/two.toml"), "");
  write_file(temp_.path() / "mine/below/deep/two.toml", "extend = \"../../../outside.toml\"\n");
  EXPECT_THAT(trouble_when_extending("below/deep/two.toml"),
              HasSubstr("two.toml:1:10: error: '../../../outside.toml' "));
}

TEST_F(NamedFiles, WhoAllowsItExtendsAnyTopology) {
  EXPECT_EQ(trouble_when_extending("../outside.toml", true), "");
  EXPECT_EQ(trouble_when_extending((temp_.path() / "outside.toml").string(), true), "");
  const std::string shown = trouble_when_extending("../secret", true);
  EXPECT_THAT(shown, HasSubstr("secret:1:5: error: this is no topology file"));
  EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
}

TEST_F(NamedFiles, WhatIsShippedMayBeNamed) {
  EXPECT_EQ(trouble_with(source_folder() + "/topologies/error-rates/healthy.toml"), "");
}

TEST_F(NamedFiles, ALinkThatTheUserNamesIsFollowed) {
  fs::create_symlink("outside.toml", temp_.path() / "link.toml");
  EXPECT_EQ(trouble_with(temp_.path() / "link.toml"), "");
}

TEST_F(NamedFiles, WhatIsNoRegularFileIsAMistakeAndHangsNobody) {
  ASSERT_EQ(mkfifo((temp_.path() / "mine/fifo").c_str(), 0600), 0);
  EXPECT_THAT(trouble_when_extending("fifo"), HasSubstr("lab.toml:1:10: error: "));
  EXPECT_THAT(trouble_when_extending("fifo"), HasSubstr("fifo is no regular file"));
  EXPECT_THAT(trouble_when_extending("below"), HasSubstr("below is no regular file"));
  EXPECT_THAT(trouble_when_extending("missing"), HasSubstr("No such file or directory"));
  EXPECT_THAT(trouble_when_extending("/dev/zero", true), HasSubstr("/dev/zero is no regular file"));
  EXPECT_EQ(trouble_with(temp_.path() / "mine/fifo"),
            "error: " + (temp_.path() / "mine/fifo").string() +
                " is no regular file\n  remedy: name a regular file of at most 256 KiB\n");
  EXPECT_THAT(trouble_with(temp_.path()), HasSubstr("(offlab verify takes folders)"));
}

TEST_F(NamedFiles, AFileThatIsTooLargeIsNotReadToItsEnd) {
  write_file(temp_.path() / "mine/huge", "");
  fs::resize_file(temp_.path() / "mine/huge", std::uintmax_t{1} << 40U);
  EXPECT_THAT(trouble_with(temp_.path() / "mine/huge"), HasSubstr("is larger than 262144 bytes\n  remedy: "));
  EXPECT_THAT(trouble_when_extending("huge"), HasSubstr("is larger than 262144 bytes"));
}

TEST_F(NamedFiles, ACircleIsSeenThroughLinks) {
  fs::create_symlink("lab.toml", temp_.path() / "mine/again.toml");
  EXPECT_THAT(trouble_when_extending("again.toml"), HasSubstr("a circle, or more than 8 files"));
}

TEST_F(NamedFiles, NamesOfFilesCannotSteerTheTerminal) {
  write_file(temp_.path() / "mine/a\x1b[2Jb", "nonsense");
  EXPECT_THAT(trouble_when_extending("a\\u001b[2Jb"), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace offlab
