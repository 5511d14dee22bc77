// What `cmake --install` puts somewhere, used from there.
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"
#include "process/subprocess.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Deadline a_minute() {
  return Deadline("a program", std::chrono::minutes(1));
}

class InstalledProgram : public testing::Test {
 protected:
  // As a package is made: into a folder that stands for the root.
  void SetUp() override {
    setenv("DESTDIR", root_.path().c_str(), 1);
    const fs::path build = fs::path(offlab_program()).parent_path();
    run_or_throw({"cmake", "--install", build, "--prefix", "/usr", "--component", "offlab"}, a_minute());
    unsetenv("DESTDIR");
  }
  ProgramResult run(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {"env", "--chdir=/", "OFFLAB_CACHE=" + (root_ / "cache").string(),
                                      root_ / "usr/bin/offlab"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program(words, a_minute());
  }

  ScratchFolder root_;
};

TEST_F(InstalledProgram, FindsWhatItShipsRelativeToItself) {
  EXPECT_THAT(run({"--version"}).output, HasSubstr("offlab 0."));
  const std::string state = (root_ / "usr/libexec/offlab/offlab-state").string();
  EXPECT_THAT(run({"doctor"}).output, AllOf(HasSubstr(state), Not(HasSubstr(source_folder()))));
  const ProgramResult selftest = run({"selftest"});
  EXPECT_EQ(selftest.exit_status, 0) << selftest.output << selftest.errors;
  EXPECT_EQ(run({"plan", root_ / "usr/share/offlab/topologies/demo.toml"}).exit_status, 0);
}

TEST_F(InstalledProgram, WithoutItsFilesSaysWhichIsMissing) {
  fs::remove_all(root_ / "usr/share/offlab");
  const ProgramResult selftest = run({"selftest"});
  EXPECT_EQ(selftest.exit_status, 3);
  EXPECT_THAT(selftest.errors, HasSubstr("recorded-run is not where offlab looks for it"));
}

TEST_F(InstalledProgram, NamesNoFolderThatItWasBuiltIn) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_.path())) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string text = read_text(entry.path());
    EXPECT_EQ(text.find(source_folder() + "/"), std::string::npos) << entry.path();
    EXPECT_EQ(text.find(fs::path(offlab_program()).parent_path().string()), std::string::npos) << entry.path();
  }
  EXPECT_GT(files, 100U);
}

}  // namespace
}  // namespace offlab::test
