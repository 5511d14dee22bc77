// What is on disk before a machine is changed.
#include "machine/journal.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "unit/refusal.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Borrowed sample() {
  Borrowed borrowed{
      .id = "00c0ffee", .node = "router", .run = "20261130-x", .since = "2026-11-30 06:00:00 UTC", .login = {}};
  borrowed.login.address = "192.0.2.1";
  borrowed.login.login.user = "admin";
  borrowed.login.jumps = {"bastion"};
  const GuestFile file = {"sysctl net.ipv4.tcp_sack", "/proc/sys/net/ipv4/tcp_sack"};
  borrowed.switched = {{"ens4"}, {"ens4"}, {file}};
  KeptState state{.boot_id = "b"};
  state.offloads["ens4"] = {{"large-receive-offload", true}};
  state.mtus["ens4"] = 1500;
  state.files[file] = "1";
  borrowed.state = state;
  return borrowed;
}

class Journal : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::unique_ptr<JournalEntry>> left() { return left_over(folder_, damaged_); }

  const fs::path folder_ = fs::temp_directory_path() / ("offlab-journal-" + std::to_string(getpid()));
  std::vector<std::string> damaged_;
};

TEST_F(Journal, WhatIsWrittenIsReadBack) {
  const Borrowed borrowed = sample();
  EXPECT_EQ(borrowed_from_json(borrowed_to_json(borrowed)), borrowed);
  EXPECT_EQ(borrowed_to_json(borrowed).find("system"), std::string::npos) << "Linux is not written";
  Borrowed other = sample();
  other.login.system = SystemKind::freebsd;
  EXPECT_EQ(borrowed_from_json(borrowed_to_json(other)), other);
  Borrowed early = sample();
  early.state.reset();
  EXPECT_EQ(borrowed_from_json(borrowed_to_json(early)), early);
}

TEST_F(Journal, ARunThatLivesIsLeftAlone) {
  const JournalEntry entry(folder_, sample());
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Journal, WhatARunThatDiedHasLeftIsFoundUntilItIsClosed) {
  {
    Borrowed early = sample();
    early.state.reset();
    JournalEntry entry(folder_, early);
    entry.write(*sample().state);
  }
  {
    const auto found = left();
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found.front()->borrowed(), sample());
    EXPECT_THAT(left(), IsEmpty()) << "somebody is at it already";
  }
  {
    const auto found = left();
    ASSERT_THAT(found, SizeIs(1));
    found.front()->close();
  }
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Journal, ADamagedFileIsToldAndStays) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "00c0ffee.json") << borrowed_to_json(sample()).substr(0, 100);
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_THAT(damaged_, ElementsAre(HasSubstr("00c0ffee.json")));
  EXPECT_TRUE(fs::exists(folder_ / "00c0ffee.json"));
}

TEST_F(Journal, AFolderThatIsNotThereHasNothing) {
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_THAT(damaged_, IsEmpty());
}

TEST_F(Journal, AnotherFormatIsRefused) {
  std::string text = borrowed_to_json(sample());
  text.replace(text.find("offlab.borrowed/1"), 17, "offlab.borrowed/9");
  EXPECT_THAT(refusal([&] { borrowed_from_json(text); }), HasSubstr("another format"));
  EXPECT_THAT(refusal([&] { borrowed_from_json("{}"); }), HasSubstr("damaged"));
}

}  // namespace
}  // namespace offlab
