// The head of a file that libvirt 9.0 saved a guest to (tests/data/saved-guest/head), without the guest's memory.
#include "libvirt/saved_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/read_file.h"
#include "folders.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class SavedState : public testing::Test {
 protected:
  SavedState() { fs::copy_file(fs::path(tests_folder()) / "data/saved-guest/head", file_); }

  void cut(std::uintmax_t size) const { fs::resize_file(file_, size); }
  void put(std::size_t at, const std::string& bytes) const {
    std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(at));
    stream << bytes;
  }

  TempFolder temp_;
  fs::path file_ = temp_.path() / "state";
};

TEST_F(SavedState, HasTheDescriptionThatNamesAProgram) {
  EXPECT_THAT(saved_description(file_), StartsWith("<domain type='qemu'"));
  EXPECT_THAT(saved_description(file_), HasSubstr("<emulator>/usr/bin/qemu-system-x86_64</emulator>"));
}

TEST_F(SavedState, IsGivenAnotherDescriptionAndKeepsTheRest) {
  const std::string before = read_whole_file(file_);
  replace_saved_description(file_, "<domain/>");
  EXPECT_EQ(saved_description(file_), "<domain/>");
  const std::string after = read_whole_file(file_);
  EXPECT_EQ(after.size(), before.size());
  EXPECT_THAT(after, HasSubstr(std::string("<domain/>\0<cookie>\n  <slirpHelper/>\n</cookie>\n\0", 48)));
  EXPECT_THAT(after, testing::Not(HasSubstr("<emulator>")));
  replace_saved_description(file_, std::string(30'000, 'x'));
  EXPECT_EQ(saved_description(file_), std::string(30'000, 'x'));
}

TEST_F(SavedState, OneThatDoesNotFitIsRefusedAndTheOldOneStays) {
  EXPECT_THAT(refusal([&] { replace_saved_description(file_, std::string(70'000, 'x')); }), HasSubstr("has no room"));
  EXPECT_THAT(saved_description(file_), StartsWith("<domain type='qemu'"));
}

TEST_F(SavedState, WhatIsNoSavedGuestIsRefused) {
  const auto refused = [&] { return refusal([&] { saved_description(file_); }); };
  cut(4000);
  EXPECT_THAT(refused(), EndsWith("ends inside of its description"));
  cut(50);
  EXPECT_THAT(refused(), HasSubstr("is no guest that libvirt saved"));
  cut(0);
  EXPECT_THAT(refused(), HasSubstr("is no guest that libvirt saved"));
  EXPECT_THAT(refusal([] { saved_description("/nowhere"); }), HasSubstr("No such file"));
}

TEST_F(SavedState, AFifoAFolderAndADeviceAreRefused) {
  fs::remove(file_);
  ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0);
  for (const fs::path& file : {file_, fs::path("/dev/zero")}) {
    EXPECT_EQ(refusal([&] { saved_description(file); }), file.string() + " is no regular file");
    EXPECT_EQ(refusal([&] { replace_saved_description(file, "<domain/>"); }), file.string() + " is no regular file");
  }
  EXPECT_NE(refusal([&] { saved_description(temp_.path()); }), "");
}

// libvirt would start a program to unpack it, and wait for it for ever.
TEST_F(SavedState, OneThatIsCompressedIsRefused) {
  put(28, "\x03");
  EXPECT_THAT(refusal([&] { saved_description(file_); }), HasSubstr("is no guest that libvirt saved"));
}

TEST_F(SavedState, AHeaderThatLiesIsRefused) {
  const auto refused = [&] { return refusal([&] { saved_description(file_); }); };
  put(20, "\xff\xff\xff\xff");  // the size of the data
  EXPECT_THAT(refused(), HasSubstr("is no guest that libvirt saved"));
  put(20, std::string("\x10\x00\x00\x00", 4));
  EXPECT_THAT(refused(), HasSubstr("is no guest that libvirt saved"));  // its cookie is beyond
  put(32, std::string("\x00\x00\x00\x00", 4));
  EXPECT_THAT(refused(), EndsWith("has no end"));
  put(16, "\x09");  // the version
  EXPECT_THAT(refused(), HasSubstr("is no guest that libvirt saved"));
}

}  // namespace
}  // namespace offlab
