// The library as a project of somebody else uses it: examples/gtest, built and run against what `cmake --install` made.
#include <cstdlib>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "folders.h"
#include "lab/staying_lab.h"
#include "process/subprocess.h"
#include "unit/temp_folder.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class ExampleProject : public StayingLab {
 protected:
  void SetUp() override {
    StayingLab::SetUp();
    if (IsSkipped()) return;
    must({"cmake", "--install", fs::path(offlab_program()).parent_path(), "--prefix", root_ / "usr"});
  }
  void build(const std::string& nic) { build_from(source_folder() + "/examples/gtest", {"-DNIC=" + nic}); }
  void build_from(const std::string& project, const std::vector<std::string>& choices = {}) {
    std::vector<std::string> words = {"cmake", "-S",   project,
                                      "-B",    build_, "-DCMAKE_PREFIX_PATH=" + (root_ / "usr").string()};
    words.insert(words.end(), choices.begin(), choices.end());
    must(words);
    must({"cmake", "--build", build_});
  }
  // With the test's own cache, in the scratch folder.
  ProgramResult run(std::vector<std::string> words) const {
    words.insert(words.begin(), {"env", "--chdir=" + root_.path().string(), "OFFLAB_CACHE=" + cache_.path().string()});
    return run_program(words, Deadline(words[3], std::chrono::minutes(5)));
  }
  void must(const std::vector<std::string>& words) const {
    const ProgramResult result = run(words);
    ASSERT_EQ(result.exit_status, 0) << result.output << result.errors;
  }

  ScratchFolder root_;
  const std::string build_ = root_ / "build";
};

TEST_F(ExampleProject, PassesBesideItselfAndLeavesNothingBehind) {
  build("virtio");
  const ProgramResult result = run({"ctest", "--test-dir", build_, "--parallel", "2", "--output-on-failure"});
  EXPECT_EQ(result.exit_status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("100% tests passed"), HasSubstr("out of 2")));
  EXPECT_THAT(ask({"list"}).output, HasSubstr("no lab is up"));
  EXPECT_EQ(host_state(), before_);
}

TEST_F(ExampleProject, WithANicThatStormsFailsAndShowsFramesAndDiagnosis) {
  build("vmxnet3");
  const ProgramResult result = run({build_ + "/router_test"});
  EXPECT_EQ(result.exit_status, 1) << result.output;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("[       OK ] Lro/Router.ForwardsCleanly/router_lro_off__hypervisor_lro_off"),
                    HasSubstr("Expected: forwards cleanly"), HasSubstr("[lro-orphan-storm]"),
                    HasSubstr("fail: bogus-frag-needed: the router refused"), HasSubstr("need to frag (mtu 1500)"),
                    HasSubstr("what happens: "), HasSubstr("fix, KVM: "), HasSubstr("evidence: runs/")));
  EXPECT_THAT(result.output, HasSubstr("1 FAILED TEST"));
}

class DocumentedProject : public ExampleProject {};

// The first block of this language on the page.
std::string block(const std::string& page, const std::string& language) {
  const std::string begin = "```" + language + "\n";
  const std::size_t at = page.find(begin) + begin.size();
  return page.substr(at, page.find("```", at) - at);
}

TEST_F(DocumentedProject, Passes) {
  const std::string page = read_whole_file(source_folder() + "/docs/tasks/test-suite.md");
  write_file(root_ / "project/CMakeLists.txt",
             "cmake_minimum_required(VERSION 3.16)\nproject(documented CXX)\n" + block(page, "cmake"));
  write_file(root_ / "project/router_test.cpp", block(page, "cpp"));
  build_from(root_ / "project");
  const ProgramResult result = run({"ctest", "--test-dir", build_, "--output-on-failure"});
  EXPECT_EQ(result.exit_status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("100% tests passed"), HasSubstr("out of 2")));
}

// While its lab starts, and when it is up.
TEST_F(ExampleProject, KilledTakesItsLabWithIt) {
  build("virtio");
  for (const std::string state : {"starting", "up"}) {
    Program test({"-c", "exec env --chdir=" + root_.path().string() + " " + build_ + "/router_test"},
                 {"sh", "-c", "shift; exec sh \"$@\"", "sh"}, environment());
    ASSERT_TRUE(test.until(std::chrono::seconds(120), [&] {
      return std::regex_search(ask({"list"}).output, std::regex("\nlibrary-[0-9]+-1 +" + state + " "));
    })) << test.output();
    const std::vector<pid_t> processes = test.descendants();
    test.signal(SIGKILL);
    test.wait(std::chrono::seconds(5));
    EXPECT_TRUE(eventually(std::chrono::seconds(10), [&] { return ask({"list"}).output.find("no lab is up") == 0; }))
        << state << "\n"
        << ask({"list"}).output;
    EXPECT_TRUE(survivors(processes).empty()) << state;
    EXPECT_EQ(host_state(), before_);
  }
}

}  // namespace
}  // namespace offlab::test
