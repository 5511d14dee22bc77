// Labs as tasks of Slurm: a real slurmctld with two slurmd in namespaces (ci/lab_slurm.py).
#include <filesystem>
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

class Slurm : public StayingLab {
 protected:
  void SetUp() override {
    StayingLab::SetUp();
    if (!fs::exists("/usr/sbin/slurmctld")) GTEST_SKIP() << "Slurm is not installed";
    fs::create_directories("/var/lib/offlab-test");  // munge wants no folder that others may write to
  }
  void TearDown() override {
    StayingLab::TearDown();
    std::error_code ignored;
    fs::remove_all(cluster_, ignored);
    fs::remove("/var/lib/offlab-test", ignored);
  }

  Answer run(const std::vector<std::string>& more) const {
    std::vector<std::string> prefix = {source_folder() + "/ci/lab_slurm.py"};
    prefix.insert(prefix.end(), more.begin(), more.end());
    prefix.push_back(cluster_);
    Program program({"run", demo_file, "--executor", "slurm", "--jobs", "2", "--duration", "1", "--out", out_}, prefix,
                    environment());
    const auto status = program.wait(std::chrono::seconds(240));
    return {status.value_or(-1), program.output()};
  }

  const fs::path cluster_ = "/var/lib/offlab-test/" + std::to_string(getpid());
  ScratchFolder scratch_;
  fs::path out_ = scratch_ / "run";
};

TEST_F(Slurm, ATaskWhoseHostIsLostRunsAgainOnAnother) {
  const Answer answer = run({"--lose", "h1", "--when", out_ / "cases/*/*"});
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output,
              AllOf(HasSubstr("broken  fail          lro-orphan-storm"), HasSubstr("fixed   pass          healthy"),
                    HasSubstr("is queued again: it ended on h1")));
  const auto run = read_json(out_ / "run.json");
  std::set<std::string> ids;
  for (const auto& one : run.at("cases")) ids.insert(one.at("id").get<std::string>());
  EXPECT_EQ(ids, (std::set<std::string>{"broken", "fixed"}));
  EXPECT_EQ(run.at("cases").size(), 2U);
  EXPECT_EQ(host_state(), before_);
}

}  // namespace
}  // namespace offlab::test
