// The folder and the journal of a lab on a host's libvirtd, and what is left of one that was killed.
#include "hosted/made_lab.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/read_file.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* uri = "qemu:///system";

class FakeDomains : public OwnedDomains {
 public:
  std::vector<OwnedDomain> domains;
  std::string refuses;  // why libvirtd cannot be asked
  unsigned ending = 0;  // how often one that has no mark any more is still there; then its end is written into its log
  unsigned starts_after = 0;  // how often one that a killed process asked for is not there yet
  unsigned asked = 0;         // how often it was asked whether a domain is there
  fs::path logs;

  std::vector<OwnedDomain> list() override {
    if (!refuses.empty()) throw Error(refuses);
    return domains;
  }
  void destroy(const OwnedDomain& domain) override { std::erase(domains, domain); }
  bool is_there(const OwnedDomain& domain) override {
    ++asked;
    if (starts_after > 0) {
      if (--starts_after == 0) domains.push_back(domain);
      return false;
    }
    if (std::count(domains.begin(), domains.end(), domain) != 0) return true;
    if (ending == 0) return false;
    if (--ending == 0) write_file(logs / (domain.name + ".log"), "shutting down");
    return ending != 0;
  }
};

class MadeLabs : public testing::Test {
 protected:
  static MadeRecord record() { return {{}, uri, "run x, process 1", "2026-11-30T09:00:00Z"}; }
  std::vector<LeftLab> remove_left() {
    return remove_left_labs(
        {labs_, logs_, patience_, waits_for_libvirtd_, [this](const std::string& line) { said_ += line; }}, uri,
        domains_);
  }
  // As a run that was killed leaves it.
  std::string leave(const MadeRecord& record, const std::vector<std::string>& guests) {
    std::string uuid;
    {
      MadeLab made(labs_, record);
      uuid = made.uuid();
      for (const std::string& one : guests) {
        const OwnedDomain domain{"offlab-" + one, "uuid-of-" + one, uuid};
        made.is_going_to_make(domain);
        domains_.domains.push_back(domain);
        made.start_returned(domain.name);
        write_file(logs_ / (domain.name + ".log"), "log");
      }
    }
    return uuid;
  }

  TempFolder folder_;
  fs::path labs_ = folder_.path() / "labs";
  fs::path logs_ = folder_.path() / "logs";
  FakeDomains domains_;
  std::chrono::milliseconds patience_{5'000};
  bool waits_for_libvirtd_ = true;
  std::string said_;
};

TEST_F(MadeLabs, JournalIsThereBeforeAGuestIs) {
  MadeLab made(labs_, record());
  MadeRecord expected = record();
  expected.lab = made.uuid();
  const auto journal = [&] { return made_record_from_json(read_whole_file(made.folder() / "journal.json")); };
  EXPECT_EQ(journal(), expected);
  made.is_going_to_make({"offlab-router", "uuid", made.uuid()});
  expected.domains = {{"offlab-router", "uuid", made.uuid()}};
  expected.starting = {"offlab-router"};
  EXPECT_EQ(journal(), expected);
  made.start_returned("offlab-router");
  expected.starting.clear();
  EXPECT_EQ(journal(), expected);
  made.close();
  EXPECT_TRUE(fs::is_empty(labs_));
}

TEST_F(MadeLabs, ALogIsRemovedWhenItsDomainHasEnded) {
  leave(record(), {"router"});
  domains_.domains.clear();  // its connection was lost, and libvirtd ends it
  domains_.logs = logs_;
  domains_.ending = 3;
  const auto left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].trouble, "");
  EXPECT_TRUE(fs::is_empty(logs_));
  EXPECT_TRUE(fs::is_empty(labs_));
}

TEST_F(MadeLabs, ADomainThatDoesNotEndKeepsItsFolder) {
  leave(record(), {"router"});
  domains_.domains.clear();
  domains_.ending = 1'000;
  patience_ = std::chrono::milliseconds(100);
  const auto left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(left[0].trouble, HasSubstr("domain 'offlab-router' has not ended yet"));
  EXPECT_FALSE(fs::is_empty(labs_));
  domains_.ending = 0;
  EXPECT_EQ(remove_left().at(0).trouble, "");
  EXPECT_TRUE(fs::is_empty(labs_));
}

// Killed while it waited for libvirtd to start a domain, which happens all the same.
TEST_F(MadeLabs, ADomainThatComesLateIsEnded) {
  const OwnedDomain router = [&] {
    MadeLab made(labs_, record());
    const OwnedDomain domain{"offlab-router", "uuid-of-router", made.uuid()};
    made.is_going_to_make(domain);
    return domain;
  }();
  domains_.starts_after = 3;
  waits_for_libvirtd_ = false;
  EXPECT_THAT(remove_left(), IsEmpty()) << "a run that begins does not wait";
  waits_for_libvirtd_ = true;
  const auto left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(left[0].ended, ElementsAre("offlab-router"));
  EXPECT_THAT(said_, HasSubstr("run x, process 1, 2026-11-30T09:00:00Z: was killed while its domains started"));
  EXPECT_TRUE(fs::is_empty(labs_));
}

TEST_F(MadeLabs, ADomainThatNeverComesIsAwaitedForAWhile) {
  {
    MadeLab made(labs_, record());
    made.is_going_to_make({"offlab-router", "uuid-of-router", made.uuid()});
  }
  patience_ = std::chrono::milliseconds(200);
  EXPECT_EQ(remove_left().at(0).trouble, "");
  EXPECT_GT(domains_.asked, 2U);
  EXPECT_TRUE(fs::is_empty(labs_));
}

TEST_F(MadeLabs, ARunDoesNotWaitForADomainThatEnds) {
  leave(record(), {"router"});
  domains_.domains.clear();
  domains_.ending = 1'000;
  waits_for_libvirtd_ = false;
  EXPECT_THAT(remove_left().at(0).trouble, HasSubstr("has not ended yet"));
  EXPECT_EQ(domains_.asked, 2U);
  EXPECT_FALSE(fs::is_empty(labs_));
}

// The journal's time is then in the future.
TEST_F(MadeLabs, AClockThatWasSetBackDoesNotProlongTheWait) {
  std::string uuid;
  {
    MadeLab made(labs_, record());
    uuid = made.uuid();
    made.is_going_to_make({"offlab-router", "uuid-of-router", uuid});
  }
  fs::last_write_time(labs_ / uuid / "journal.json", fs::file_time_type::clock::now() + std::chrono::hours(3));
  patience_ = std::chrono::milliseconds(200);
  EXPECT_EQ(remove_left().at(0).trouble, "");
  EXPECT_TRUE(fs::is_empty(labs_));
}

TEST_F(MadeLabs, QemusUserMayEnterItsFolders) {
  const MadeLab made(labs_, record());
  for (const char* name : {"disks", "images", "keys", "logs"})
    EXPECT_NE(fs::status(made.sub_folder(name)).permissions() & fs::perms::others_exec, fs::perms::none) << name;
}

TEST_F(MadeLabs, EachHasItsOwnFolder) {
  const MadeLab one(labs_, record());
  const MadeLab other(labs_, record());
  EXPECT_NE(one.uuid(), other.uuid());
}

TEST_F(MadeLabs, WithoutAGuestNothingIsLeft) {
  { const MadeLab made(labs_, record()); }
  EXPECT_TRUE(fs::is_empty(labs_));
}

TEST_F(MadeLabs, WhatAKilledRunLeftIsRemoved) {
  const std::string uuid = leave(record(), {"router", "client"});
  const std::vector<LeftLab> left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].record.lab, uuid);
  EXPECT_THAT(left[0].ended, ElementsAre("offlab-router", "offlab-client"));
  EXPECT_EQ(describe(left[0]),
            "run x, process 1, 2026-11-30T09:00:00Z: its folder is removed, and the domains offlab-router, "
            "offlab-client");
  EXPECT_THAT(domains_.domains, IsEmpty());
  EXPECT_TRUE(fs::is_empty(labs_));
  EXPECT_TRUE(fs::is_empty(logs_));
}

TEST_F(MadeLabs, GuestsThatWentWithTheirConnectionAreNoTrouble) {
  leave(record(), {"router"});
  domains_.domains.clear();
  const std::vector<LeftLab> left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(describe(left[0]), HasSubstr("it had no domains any more"));
}

TEST_F(MadeLabs, WhatHasAnotherMarkStays) {
  leave(record(), {"router"});
  const OwnedDomain other{"offlab-somebodys", "uuid", "a lab of another machine"};
  domains_.domains.push_back(other);
  write_file(logs_ / "somebodys.log", "log");
  remove_left();
  EXPECT_THAT(domains_.domains, ElementsAre(other));
  EXPECT_TRUE(fs::exists(logs_ / "somebodys.log"));
}

TEST_F(MadeLabs, ALabThatIsAtWorkStays) {
  MadeLab made(labs_, record());
  made.is_going_to_make({"offlab-router", "uuid", made.uuid()});
  EXPECT_THAT(remove_left(), IsEmpty());
  EXPECT_TRUE(fs::exists(made.folder()));
}

TEST_F(MadeLabs, ALabThatBeginsJustNowStays) {
  fs::create_directories(labs_ / "new");
  EXPECT_THAT(remove_left(), IsEmpty());
  EXPECT_TRUE(fs::exists(labs_ / "new"));
  fs::last_write_time(labs_ / "new", fs::file_time_type::clock::now() - std::chrono::minutes(2));
  EXPECT_THAT(remove_left(), SizeIs(1));
  EXPECT_FALSE(fs::exists(labs_ / "new"));
}

TEST_F(MadeLabs, WithoutLibvirtdNothingIsRemoved) {
  const std::string uuid = leave(record(), {"router"});
  domains_.refuses = "libvirtd is not there";
  const std::vector<LeftLab> left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(describe(left[0]), HasSubstr("still there: libvirtd is not there"));
  EXPECT_TRUE(fs::exists(labs_ / uuid));
}

TEST_F(MadeLabs, ADamagedJournalIsSaid) {
  const std::string uuid = leave(record(), {"router"});
  write_file(labs_ / uuid / "journal.json", R"({"format": "offlab.ma)");
  const std::vector<LeftLab> left = remove_left();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(describe(left[0]), HasSubstr(uuid));
  EXPECT_TRUE(fs::exists(labs_ / uuid));
}

TEST_F(MadeLabs, ANameThatLeadsOutIsNoLog) {
  const std::string uuid = leave(record(), {"router"});
  MadeRecord record = made_record_from_json(read_whole_file(labs_ / uuid / "journal.json"));
  record.domains[0].name = "offlab-/../../somebodys";
  write_file(labs_ / uuid / "journal.json", made_record_to_json(record));
  write_file(folder_.path() / "somebodys.log", "log");
  remove_left();
  EXPECT_TRUE(fs::exists(folder_.path() / "somebodys.log"));
}

TEST_F(MadeLabs, LabsOfAnotherLibvirtStay) {
  MadeRecord other = record();
  other.uri = "qemu:///other";
  const std::string uuid = leave(other, {"router"});
  EXPECT_THAT(remove_left(), IsEmpty());
  EXPECT_TRUE(fs::exists(labs_ / uuid));
}

TEST(MadeRecords, AreRefusedWhenTheyAreNone) {
  EXPECT_THAT(refusal([] { made_record_from_json("{}"); }), HasSubstr("damaged"));
  EXPECT_THAT(refusal([] { made_record_from_json(R"({"format": "offlab.made/9"})"); }), HasSubstr("another format"));
}

}  // namespace
}  // namespace offlab
