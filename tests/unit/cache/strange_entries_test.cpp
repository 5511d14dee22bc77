// In the cache there is what offlab never put there: links to themselves or elsewhere, FIFOs, folders, absurd numbers.
// It is passed over or refused, nothing waits for it, and nothing is written or removed through a link.
#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/error.h"
#include "cache/cached_images.h"
#include "cache/image_scratch.h"
#include "cache/lab_registry.h"
#include "cache/memory_reservation.h"
#include "cache/warm_states.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class StrangeEntries : public testing::Test {
 protected:
  StrangeEntries() {
    write_file(elsewhere_ / "state", "a guest");
    write_file(elsewhere_ / "state.json", label());
    for (const char* room : {"labs", "memory", "warm", "images"}) {
      fs::create_directories(cache_ / room);
      fs::create_symlink("loop", cache_ / room / "loop");
      fs::create_symlink(elsewhere_, cache_ / room / "link");
      EXPECT_EQ(mkfifo((cache_ / room / "fifo").c_str(), 0600), 0);
    }
  }

  static std::string label() {
    return R"({"schema":"offlab.warm/2","node":"router","image":"i","machine":"m","size":7,"sha256":")" +
           sha256_hex("a guest") + R"("})";
  }
  WarmStates states(const std::string& key) const {
    return WarmStates(cache_ / "warm", {1'000'000}, [key](const DomainSpec&) { return WarmLabel{key, "router", ""}; });
  }

  TempFolder temp_;
  fs::path cache_ = temp_.path() / "cache";
  fs::path elsewhere_ = temp_.path() / "elsewhere";
};

TEST_F(StrangeEntries, AreNoLabs) {
  const LabRegistry registry(cache_);
  EXPECT_THAT(registry.labs(), IsEmpty());
  fs::create_directories(cache_ / "labs/dead");
  ASSERT_EQ(mkfifo((cache_ / "labs/dead/lock").c_str(), 0600), 0);
  EXPECT_FALSE(registry.is_alive("dead"));
  EXPECT_THAT(registry.remove_dead(), ElementsAre("dead"));
}

TEST_F(StrangeEntries, AreNoAbandonedClaims) {
  for (const char* name : {"loop-entry", "loop-lock"}) fs::create_directories(cache_ / "labs" / name);
  write_file(cache_ / "labs/loop-entry/lock", "");
  fs::create_symlink("lab.json", cache_ / "labs/loop-entry/lab.json");
  fs::create_symlink("lock", cache_ / "labs/loop-lock/lock");
  std::vector<std::string> names;
  for (const RegisteredLab& lab : LabRegistry(cache_).labs()) {
    names.push_back(lab.name);
    EXPECT_FALSE(lab.alive || lab.entry) << lab.name;
  }
  EXPECT_THAT(names, ElementsAre("loop-entry", "loop-lock"));
}

TEST_F(StrangeEntries, ClaimNoMemory) {
  fs::create_directories(cache_ / "memory/folder/in");
  EXPECT_THAT(memory_claims(cache_), IsEmpty());
}

TEST_F(StrangeEntries, ClaimsWhoseSumIsAbsurdLeaveNoRoom) {
  const ByteCount absurd{std::numeric_limits<std::uint64_t>::max()};
  EXPECT_EQ(labs_that_fit({16'000'000'000}, {{"a", absurd}, {"b", {2}}}, {1'000'000}), 0U);
}

TEST_F(StrangeEntries, AreNoSavedGuests) {
  EXPECT_THAT(list_warm_states(cache_ / "warm"), IsEmpty());
  EXPECT_FALSE(states("link").find(DomainSpec()));
  EXPECT_FALSE(states("loop").find(DomainSpec()));
  EXPECT_EQ(clear_warm_states(cache_ / "warm"), 0U);
  EXPECT_TRUE(fs::exists(elsewhere_ / "state.json"));
}

TEST_F(StrangeEntries, ASavedGuestThatIsALinkIsDamaged) {
  write_file(cache_ / "warm/key/state", "a guest");
  write_file(cache_ / "warm/key/state.json", label());
  EXPECT_TRUE(states("key").find(DomainSpec()));
  fs::remove(cache_ / "warm/key/state");
  fs::create_symlink(elsewhere_ / "state", cache_ / "warm/key/state");
  EXPECT_THROW(states("key").find(DomainSpec()), Error);
}

TEST_F(StrangeEntries, AFileInPlaceOfTheFolderIsAnErrorThatNamesIt) {
  for (const char* room : {"warm", "memory"}) {
    fs::remove_all(cache_ / room);
    write_file(cache_ / room, "");
  }
  EXPECT_THROW(states("key"), Error);
  EXPECT_THROW(memory_claims(cache_), Error);
}

TEST_F(StrangeEntries, AreNoImages) {
  EXPECT_THAT(list_images(cache_), IsEmpty());
  fs::create_directories(cache_ / "images/debian-12/building");
  ASSERT_EQ(mkfifo((cache_ / "images/debian-12/lock").c_str(), 0600), 0);
  EXPECT_THAT(remove_image_scratch(cache_), IsEmpty());
}

}  // namespace
}  // namespace offlab
