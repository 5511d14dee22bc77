// Whole files: only regular ones, only so large.
#include "base/read_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

std::string refusal(const std::filesystem::path& file, std::uint64_t limit = largest_text_file) {
  try {
    read_whole_file(file, limit);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ReadFile, GivesTheBytesAsTheyAre) {
  const TempFolder temp;
  const std::string bytes("a\0\xff\r\n", 5);
  write_file(temp.path() / "x", bytes);
  write_file(temp.path() / "empty", "");
  EXPECT_EQ(read_whole_file(temp.path() / "x"), bytes);
  EXPECT_EQ(read_whole_file(temp.path() / "x", 5), bytes);
  EXPECT_EQ(read_whole_file(temp.path() / "empty"), "");
}

TEST(ReadFile, OfProcHasNoSizeAndIsReadAllTheSame) {
  EXPECT_THAT(read_whole_file("/proc/self/status"), testing::HasSubstr("Pid:"));
}

TEST(ReadFile, AFifoDoesNotHang) {
  const TempFolder temp;
  ASSERT_EQ(mkfifo((temp.path() / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(refusal(temp.path() / "fifo"), (temp.path() / "fifo").string() + " is no regular file");
}

TEST(ReadFile, ADeviceAndAFolderAreNone) {
  EXPECT_EQ(refusal("/dev/zero"), "/dev/zero is no regular file");
  EXPECT_EQ(refusal("/"), "/ is no regular file");
}

TEST(ReadFile, MoreThanTheLimitIsRefused) {
  const TempFolder temp;
  write_file(temp.path() / "x", "12345");
  EXPECT_EQ(refusal(temp.path() / "x", 4), (temp.path() / "x").string() + " is larger than 4 bytes");
  ASSERT_EQ(truncate((temp.path() / "x").c_str(), std::int64_t{1} << 40U), 0);
  EXPECT_NE(refusal(temp.path() / "x"), "");
}

TEST(ReadFile, SaysWhyItCannot) {
  EXPECT_EQ(refusal("/nowhere"), "reading /nowhere: No such file or directory");
}

}  // namespace
}  // namespace offlab
