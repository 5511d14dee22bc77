// Saved guests on a real file system.
#include "cache/warm_states.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "lab/program.h"
#include "process/file_lock.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;

DomainSpec guest(const std::string& name) {
  DomainSpec spec;
  spec.name = name;
  return spec;
}

class WarmStatesTest : public testing::Test {
 protected:
  WarmStates states(ByteCount limit = {1'000'000}) {
    return {scratch_ / "warm", limit, [](const DomainSpec& spec) {
              return WarmLabel{"key-of-" + spec.name, spec.name, "debian-12"};
            }};
  }
  static void keep(WarmStates& states, const std::string& name, const std::string& text) {
    states.keep(guest(name), [&](const std::string& file) { std::ofstream(file) << text; });
  }
  fs::path folder(const std::string& name) { return scratch_ / ("warm/key-of-" + name); }
  // Makes the state look as if it was last used some hours ago.
  void age(const std::string& name, int hours) {
    fs::last_write_time(folder(name) / "state.json", fs::file_time_type::clock::now() - std::chrono::hours(hours));
  }
  std::vector<std::string> nodes() {
    std::vector<std::string> names;
    for (const WarmState& state : list_warm_states(scratch_ / "warm")) names.push_back(state.label.node);
    return names;
  }

  ScratchFolder scratch_;
};

TEST_F(WarmStatesTest, WhatIsKeptIsFound) {
  WarmStates all = states();
  EXPECT_FALSE(all.find(guest("router")));
  keep(all, "router", "memory");
  const auto found = all.find(guest("router"));
  ASSERT_TRUE(found);
  EXPECT_EQ(read_text(found->file), "memory");
  EXPECT_FALSE(all.find(guest("client")));
}

TEST_F(WarmStatesTest, ADamagedStateIsAnErrorThatNamesTheGuest) {
  WarmStates all = states();
  for (const char* damage : {"memor", "memorx", ""}) {
    keep(all, "router", "memory");
    std::ofstream(folder("router") / "state") << damage;
    try {
      all.find(guest("router"));
      FAIL() << damage;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::StartsWith("the saved state of 'router' in "));
    }
    all.remove(guest("router"));
    EXPECT_FALSE(all.find(guest("router")));
  }
}

TEST_F(WarmStatesTest, AStateWithoutItsLabelIsDamagedToo) {
  WarmStates all = states();
  keep(all, "router", "memory");
  std::ofstream(folder("router") / "state.json") << "{";
  EXPECT_THROW(all.find(guest("router")), Error);
}

TEST_F(WarmStatesTest, AWriterThatFailsLeavesNothing) {
  WarmStates all = states();
  EXPECT_THROW(all.keep(guest("router"),
                        [](const std::string& file) {
                          std::ofstream(file) << "half";
                          throw Error("the guest is gone");
                        }),
               Error);
  EXPECT_THAT(nodes(), testing::IsEmpty());
  EXPECT_FALSE(fs::exists(scratch_ / "warm/key-of-router.saving"));
}

TEST_F(WarmStatesTest, TheLongestUnusedGoesWhenTheLimitIsReached) {
  WarmStates all = states({25});
  keep(all, "a", "0123456789");
  keep(all, "b", "0123456789");
  age("a", 1);
  age("b", 2);
  keep(all, "c", "0123456789");
  EXPECT_THAT(nodes(), testing::ElementsAre("c", "a"));
}

TEST_F(WarmStatesTest, UseCounts) {
  WarmStates all = states({25});
  keep(all, "a", "0123456789");
  keep(all, "b", "0123456789");
  age("a", 2);
  age("b", 1);
  all.find(guest("a"));
  keep(all, "c", "0123456789");
  EXPECT_THAT(nodes(), testing::UnorderedElementsAre("a", "c"));
}

TEST_F(WarmStatesTest, AStateInUseIsNotRemoved) {
  WarmStates all = states({15});
  keep(all, "a", "0123456789");
  age("a", 1);
  auto used = all.find(guest("a"));
  age("a", 1);
  keep(all, "b", "0123456789");
  EXPECT_THAT(nodes(), testing::UnorderedElementsAre("a", "b"));
  all.remove(guest("a"));
  EXPECT_EQ(clear_warm_states(scratch_ / "warm"), 1U);
  EXPECT_THAT(nodes(), testing::ElementsAre("a"));
  used.reset();
  EXPECT_EQ(clear_warm_states(scratch_ / "warm"), 0U);
  EXPECT_THAT(nodes(), testing::IsEmpty());
}

TEST_F(WarmStatesTest, TwoLabsThatSaveTheSameGuestDoNotClash) {
  WarmStates one = states();
  WarmStates other = states();
  one.keep(guest("router"), [&](const std::string& file) {
    std::ofstream(file) << "of one";
    other.keep(guest("router"), [](const std::string&) { FAIL() << "somebody is saving it already"; });
  });
  EXPECT_EQ(read_text(one.find(guest("router"))->file), "of one");
}

TEST_F(WarmStatesTest, AStateThatIsThereStaysWhenItIsSavedAgain) {
  WarmStates all = states();
  keep(all, "router", "first");
  keep(all, "router", "second");
  EXPECT_EQ(read_text(all.find(guest("router"))->file), "first");
  EXPECT_FALSE(fs::exists(scratch_ / "warm/key-of-router.saving"));
}

TEST_F(WarmStatesTest, WhatADeadProcessLeftIsRemovedByTheNext) {
  WarmStates all = states();
  fs::create_directories(scratch_ / "warm/key.saving");
  std::ofstream(scratch_ / "warm/key.saving/state") << "half";
  fs::create_directories(scratch_ / "warm/half-removed");
  fs::create_directories(scratch_ / "warm/alive.saving");
  const auto alive = FileLock::try_take(scratch_ / "warm/alive.saving", FileLock::Kind::exclusive);
  states();
  EXPECT_FALSE(fs::exists(scratch_ / "warm/key.saving"));
  EXPECT_FALSE(fs::exists(scratch_ / "warm/half-removed"));
  EXPECT_TRUE(fs::exists(scratch_ / "warm/alive.saving"));
}

}  // namespace
}  // namespace offlab::test
