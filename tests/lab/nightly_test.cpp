// Nights of a real campaign: one after the other, and one that is killed.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class Nightly : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(scratch_ / "campaign.toml")
        << "name = \"lab\"\n[[part]]\nfile = \"" << source_folder() << "/topologies/demo.toml\"\nduration = \"1s\"\n";
  }

  std::vector<std::string> night(const std::string& name) const {
    return {"nightly", scratch_ / "campaign.toml", "--out", scratch_ / name, "--history", scratch_ / "history"};
  }

  ScratchFolder scratch_;
};

TEST_F(Nightly, ANightThatIsKilledGoesOnAndIsInTheHistoryOnce) {
  Program killed(night("one"));
  // The second case has left something: what is cut off there is an attempt.
  const auto begun = scratch_ / "one/parts/demo/cases/02-fixed/control/router-wan.pcapng";
  ASSERT_TRUE(killed.until(seconds(200), [&] { return std::filesystem::exists(begun); })) << killed.output();
  killed.signal(SIGKILL);
  killed.wait(seconds(20));

  Program resumed({"nightly", "--resume", scratch_ / "one"});
  EXPECT_EQ(resumed.wait(seconds(200)), 0) << resumed.output();
  EXPECT_THAT(resumed.output(), HasSubstr("PASS night of lab"));
  EXPECT_THAT(resumed.output(), HasSubstr("2 pass"));
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "one/parts/demo/cases/02-fixed.attempt-2"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "one/parts/demo/cases/01-broken.attempt-2"));

  Program again({"nightly", "--resume", scratch_ / "one"});
  EXPECT_EQ(again.wait(seconds(60)), 0) << again.output();

  Program history({"history", "--history", scratch_ / "history"});
  EXPECT_EQ(history.wait(seconds(10)), 0);
  EXPECT_THAT(history.output(), HasSubstr("1 of 1"));
  EXPECT_THAT(history.output(), HasSubstr("demo broken"));
  EXPECT_THAT(history.output(), HasSubstr("demo fixed"));
}

}  // namespace
}  // namespace offlab::test
