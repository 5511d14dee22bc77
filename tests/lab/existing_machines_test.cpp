// Machines that exist: the guests of a lab that stays, reached over SSH through a jump host (ci/lab_machines.py).
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ExistingMachines : public StayingLab {
 protected:
  void SetUp() override {
    StayingLab::SetUp();
    for (const char* program : {"/usr/sbin/sshd", "/usr/bin/tcpdump"})
      if (!fs::exists(program)) GTEST_SKIP() << program << " is not installed";
  }

  // `lab`: settings of the lab below the machines. `words`: after the prefix of ci/lab_machines.py.
  Answer with_machines(const std::vector<std::string>& lab, const std::vector<std::string>& more,
                       const std::vector<std::string>& arguments, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> prefix = {source_folder() + "/ci/lab_machines.py"};
    prefix.insert(prefix.end(), options.begin(), options.end());
    for (const std::string& setting : lab) prefix.insert(prefix.end(), {"--set", setting});
    prefix.push_back(folder());
    prefix.insert(prefix.end(), more.begin(), more.end());
    std::vector<std::string> variables = environment();
    variables.push_back("OFFLAB=" + offlab_program());
    Program program(arguments, prefix, variables);
    const auto status = program.wait(std::chrono::seconds(240));
    return {status.value_or(-1), program.output()};
  }
  Answer run(const std::vector<std::string>& lab, const std::string& file, const std::vector<std::string>& more = {},
             const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments = {"run", folder() + "/" + file, "--out", scratch_ / "run", "-v"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return with_machines(lab, {}, arguments, options);
  }
  std::string folder() const { return scratch_ / "machines"; }
  bool nothing_is_borrowed() const { return !fs::exists(cache_ / "borrowed") || fs::is_empty(cache_ / "borrowed"); }

  ScratchFolder scratch_;
};

const std::vector<std::string> merging = {"hypervisor.lro=passthrough"};

TEST_F(ExistingMachines, TheFoundingFaultHasItsClassInsideOfTheRouter) {
  const Answer answer = run(merging, "inside.toml");
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("lro-orphan-storm"), HasSubstr("bogus-frag-needed"),
                                   HasSubstr("inconclusive egress-size"), HasSubstr("captured inside the router")));
  EXPECT_TRUE(nothing_is_borrowed());
}

TEST_F(ExistingMachines, TheFoundingFaultHasItsClassOnTheTaps) {
  const Answer answer = run(merging, "taps.toml");
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("lro-orphan-storm"), HasSubstr("pass         egress-size")));
}

TEST_F(ExistingMachines, AHealthyRouterPassesOnTheTapsAndIsLeftOpenInside) {
  EXPECT_EQ(run({}, "taps.toml").status, 0);
  fs::remove_all(scratch_ / "run");
  const Answer inside = run({}, "inside.toml");
  EXPECT_EQ(inside.status, 4) << inside.output;
  EXPECT_THAT(inside.output, Not(HasSubstr("fail  ")));
}

// The taps have what a stand-in for an ESXi host below them is set to; frames are captured there, by pktcap-uw.
TEST_F(ExistingMachines, TheHostBelowThemIsSwitchedOnceForAllCasesOfAValue) {
  const std::string esxi = folder() + "/esxi";
  const Answer answer = run({}, "hosts.toml", {"--yes", "--repeat", "2"}, {"--esxi"});
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("lro-orphan-storm"), HasSubstr("LRO on is stored, without a reboot"),
                                   HasSubstr("LRO off is stored, the host was rebooted"),
                                   HasSubstr("the host's LRO, stored as on, is in force"),
                                   HasSubstr("the host's LRO, stored as off, coalesces nothing")));
  const auto number = [](const std::string& name) {
    std::ifstream file(name);
    std::string text;
    file >> text;
    return text;
  };
  EXPECT_EQ(number(esxi + "/state/boots"), "3");
  EXPECT_EQ(number(esxi + "/state/values/Vmxnet3HwLRO"), "1");
  EXPECT_EQ(number(esxi + "/state/in_force/Vmxnet3HwLRO"), "1");
  EXPECT_TRUE(nothing_is_borrowed());
}

TEST_F(ExistingMachines, NothingIsSwitchedThatNobodyAgreedTo) {
  const Answer answer = run({}, "taps.toml", {"--axis", "router.wan.lro=on"});
  EXPECT_EQ(answer.status, 2) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("router: ethtool -K wan lro on"), HasSubstr("--yes")));
  EXPECT_FALSE(fs::exists(scratch_ / "run"));
}

TEST_F(ExistingMachines, ComeBackAsTheyWereWhateverIsKilled) {
  const Answer answer =
      with_machines({}, {"sh", "-c", source_folder() + "/ci/kill_machines.py 5", "kill_machines"}, {});
  EXPECT_EQ(answer.status, 0) << answer.output;
  EXPECT_THAT(answer.output, HasSubstr("5 kills, 0 wrong"));
  EXPECT_TRUE(nothing_is_borrowed());
}

}  // namespace
}  // namespace offlab::test
