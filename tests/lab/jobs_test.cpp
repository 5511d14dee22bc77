// Labs of one run that are up at the same time.
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

std::string line_of(pid_t process, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind(name + ":\t", 0) == 0) return line.substr(name.size() + 2);
  return "";
}

class Jobs : public StayingLab {
 protected:
  void SetUp() override {
    StayingLab::SetUp();
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) < 2) GTEST_SKIP() << "two CPUs are needed";
  }
  ScratchFolder scratch_;
};

TEST_F(Jobs, TwoLabsRunOnCpusOfTheirOwn) {
  const std::filesystem::path out = scratch_ / "run";
  Program program({"run", demo_file, "--jobs", "2", "--out", out}, {}, environment());
  // libvirt gives each QEMU all CPUs when it starts: the lab takes them away again.
  EXPECT_TRUE(program.until(seconds(60), [&] {
    std::map<std::string, int> lists;
    for (const pid_t one : program.descendants())
      if (line_of(one, "Name").find("qemu") != std::string::npos) ++lists[line_of(one, "Cpus_allowed_list")];
    return lists.size() == 2 && lists.begin()->second == 3 && lists.rbegin()->second == 3;
  })) << program.output();
  EXPECT_EQ(program.wait(seconds(120)), 1) << program.output();
  EXPECT_THAT(program.output(), HasSubstr("2 labs at a time, each on CPUs of its own: "));
  EXPECT_THAT(program.output(), HasSubstr("broken  fail          lro-orphan-storm"));
  EXPECT_THAT(program.output(), HasSubstr("fixed   pass          healthy"));
  std::set<std::string> pinned;
  for (const char* lab : {"lab-1-part-1", "lab-1-part-2"})
    pinned.insert(read_json(out / "labs" / lab / "environment.json").at("host").value("pinned", ""));
  EXPECT_EQ(pinned.size(), 2U);
  EXPECT_EQ(pinned.count(""), 0U);
  EXPECT_EQ(read_json(out / "environment.json").at("host").value("jobs", ""), "2");
  EXPECT_EQ(host_state(), before_);
}

TEST_F(Jobs, MoreThanTheHostHasRoomForAreRefused) {
  const Answer answer = ask({"run", demo_file, "--jobs", "999", "--out", scratch_ / "run"});
  EXPECT_EQ(answer.status, 2) << answer.output;
  EXPECT_THAT(answer.output, HasSubstr("--jobs 999: 999 labs at a time need a CPU each, and there are "));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "run"));
}

}  // namespace
}  // namespace offlab::test
