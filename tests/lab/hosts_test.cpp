// Labs on other hosts: namespaces with an SSH server each (ci/lab_hosts.py).
#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Hosts : public StayingLab {
 protected:
  void SetUp() override {
    StayingLab::SetUp();
    if (!fs::exists("/usr/sbin/sshd")) GTEST_SKIP() << "openssh-server is not installed";
  }

  // The cases of demo.toml on two hosts; `more`: for ci/lab_hosts.py.
  Answer run(const std::vector<std::string>& more = {}, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> prefix = {source_folder() + "/ci/lab_hosts.py"};
    prefix.insert(prefix.end(), more.begin(), more.end());
    prefix.push_back(scratch_ / "hosts");
    std::vector<std::string> arguments = {"run",   demo_file, "--hosts",    scratch_ / "hosts/hosts.toml",
                                          "--out", out_,      "--duration", "3"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    Program program(arguments, prefix, environment());
    const auto status = program.wait(std::chrono::seconds(240));
    return {status.value_or(-1), program.output()};
  }
  std::string host_of(const std::string& lab) const {
    return read_json(out_ / "labs" / lab / "environment.json").at("host").value("host", "");
  }

  ScratchFolder scratch_;
  fs::path out_ = scratch_ / "run";
};

TEST_F(Hosts, ShareTheCasesOfARun) {
  const Answer answer = run();
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output,
              AllOf(HasSubstr("broken  fail          lro-orphan-storm"), HasSubstr("fixed   pass          healthy")));
  EXPECT_EQ((std::set<std::string>{host_of("lab-1-part-1"), host_of("lab-1-part-2")}),
            (std::set<std::string>{"h1", "h2"}));
  EXPECT_EQ(read_json(out_ / "run.json").at("host").value("hosts", ""), "h1 h2");
  EXPECT_TRUE(fs::exists(out_ / "labs/lab-1-part-1/router.serial.log"));
  // Each had neither the program nor the image.
  EXPECT_FALSE(fs::is_empty(scratch_ / "hosts/home-1/.cache/offlab-agent"));
  EXPECT_FALSE(fs::is_empty(scratch_ / "hosts/home-2/.cache/offlab-agent"));
  for (const char* host : {"cache-1", "cache-2"}) {
    EXPECT_TRUE(fs::is_empty(scratch_ / "hosts" / host / "agents"));
    EXPECT_FALSE(fs::exists(scratch_ / "hosts" / host / "host-lock.json"));
  }
  EXPECT_EQ(host_state(), before_);
}

TEST_F(Hosts, ShareTheCasesOfANight) {
  std::ofstream(scratch_ / "campaign.toml")
      << "name = \"lab\"\n[[part]]\nfile = \"" << demo_file << "\"\nduration = \"1s\"\n";
  const std::string history = scratch_ / "history";
  Program night({"nightly", scratch_ / "campaign.toml", "--hosts", scratch_ / "hosts/hosts.toml", "--out",
                 scratch_ / "night", "--history", history},
                {source_folder() + "/ci/lab_hosts.py", scratch_ / "hosts"}, environment());
  EXPECT_EQ(night.wait(std::chrono::seconds(240)), 0) << night.output();
  EXPECT_THAT(night.output(), HasSubstr("on h1 h2 (tcg, QEMU "));
  const auto said = read_json(scratch_ / "night/night.json");
  std::set<std::string> hosts;
  for (const auto& one : said.at("cases")) hosts.insert(one.at("host").get<std::string>());
  EXPECT_EQ(hosts, (std::set<std::string>{"h1", "h2"}));
  const Answer table = ask({"history", "--history", history});
  EXPECT_EQ(table.status, 0);
  EXPECT_THAT(table.output, AllOf(HasSubstr("h1 (tcg, QEMU "), HasSubstr("h2 (tcg, QEMU ")));
  EXPECT_EQ(host_state(), before_);
}

TEST_F(Hosts, OneThatIsLostGivesItsCasesBack) {
  const Answer answer = run({"--lose", "h1", "--when", scratch_ / "hosts/cache-1/agents/*/cases/*/*"});
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output,
              AllOf(HasSubstr("broken  fail          lro-orphan-storm"), HasSubstr("fixed   pass          healthy")));
  EXPECT_THAT(answer.output, HasSubstr("lab failed: host h1: "));
  const auto run = read_json(out_ / "run.json");
  std::set<std::string> ids;
  for (const auto& one : run.at("cases")) ids.insert(one.at("id").get<std::string>());
  EXPECT_EQ(ids, (std::set<std::string>{"broken", "fixed"}));
  EXPECT_EQ(run.at("cases").size(), 2U);
}

TEST_F(Hosts, OneThatNobodyReachesIsLeftOut) {
  const Answer answer = run({"--lose", "h2", "--when", out_ / "hosts"});
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("host h2: "), HasSubstr("it is not used")));
  EXPECT_EQ(read_json(out_ / "run.json").at("host").value("hosts", ""), "h1");
}

TEST_F(Hosts, CanBeInspected) {
  const fs::path topology = scratch_ / "as-seen.toml";
  Program inspect(
      {"inspect", "root@198.18.250.2", "--ssh-config", scratch_ / "hosts/ssh_config", "--topology", topology},
      {source_folder() + "/ci/lab_hosts.py", "--hosts", "1", scratch_ / "hosts"});
  EXPECT_EQ(inspect.wait(std::chrono::seconds(60)), 2) << inspect.output();
  EXPECT_THAT(inspect.output(), HasSubstr("a lab needs a router with two NICs"));
  Program plain({"inspect", "root@198.18.250.2", "--ssh-config", scratch_ / "again/ssh_config"},
                {source_folder() + "/ci/lab_hosts.py", "--hosts", "1", scratch_ / "again"});
  EXPECT_EQ(plain.wait(std::chrono::seconds(60)), 4) << plain.output();
  EXPECT_THAT(plain.output(), AllOf(HasSubstr("Linux "), HasSubstr("it does not forward now")));
  EXPECT_FALSE(fs::exists(topology));
}

TEST_F(Hosts, AFileWithMistakesStartsNothing) {
  std::ofstream(scratch_ / "hosts.toml") << "[[host]]\nname = \"h1\"\nslots = 0\n";
  const Answer answer = ask({"run", demo_file, "--hosts", scratch_ / "hosts.toml", "--out", out_});
  EXPECT_EQ(answer.status, 2) << answer.output;
  EXPECT_THAT(answer.output, HasSubstr("hosts.toml:1"));
  EXPECT_FALSE(fs::exists(out_));
}

}  // namespace
}  // namespace offlab::test
