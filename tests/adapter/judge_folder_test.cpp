// A run folder that a stranger sent is judged, and nothing of the caller's is written for it.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/read_file.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t stranger = 65534;

class JudgeFolder : public testing::Test {
 protected:
  JudgeFolder() {
    fs::copy(fs::path(OFFLAB_TESTS) / "data/recorded-run", folder_, fs::copy_options::recursive);
    for (const char* result : {"run.json", "junit.xml"}) fs::remove(folder_ / result);
    std::ofstream(victim_) << "precious";
  }

  std::string judged(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"judge", folder_.string()});
    Program program(options);
    EXPECT_EQ(program.wait(std::chrono::seconds(20)), 1) << program.output();  // it recorded faults
    return program.output();
  }
  void give_to_stranger() const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      ASSERT_EQ(lchown(entry.path().c_str(), stranger, stranger), 0);
    ASSERT_EQ(lchown(folder_.c_str(), stranger, stranger), 0);
  }

  ScratchFolder scratch_;
  fs::path folder_ = scratch_ / "run";
  fs::path victim_ = scratch_ / "victim";
};

TEST_F(JudgeFolder, LinksInItAreNotFollowed) {
  for (const char* name : {"run.json", "junit.xml", "run.json.new", "junit.xml.new"})
    fs::create_symlink(victim_, folder_ / name);
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    if (entry.path().extension() == ".pcapng") fs::create_symlink(victim_, entry.path().string() + ".new");
  judged();
  EXPECT_EQ(read_whole_file(victim_), "precious");
  EXPECT_THAT(read_whole_file(folder_ / "run.json"), testing::HasSubstr("\"cases\""));
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder_ / "run.json")));
}

TEST_F(JudgeFolder, OfAStrangerIsLeftAsItIs) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, for another user's folder";
  give_to_stranger();
  std::vector<fs::file_time_type> before;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) before.push_back(entry.last_write_time());
  EXPECT_THAT(judged(), testing::HasSubstr("is not your own folder, so nothing is written there; --out FOLDER keeps"));
  std::vector<fs::file_time_type> after;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) after.push_back(entry.last_write_time());
  EXPECT_EQ(after, before);
  EXPECT_FALSE(fs::exists(folder_ / "run.json"));
}

TEST_F(JudgeFolder, ResultsGoWhereTheCallerWantsThem) {
  judged({"--out", scratch_ / "results"});
  EXPECT_THAT(read_whole_file(scratch_ / "results/run.json"), testing::HasSubstr("\"cases\""));
  EXPECT_THAT(read_whole_file(scratch_ / "results/junit.xml"), testing::HasSubstr("<testsuite"));
  EXPECT_FALSE(fs::exists(folder_ / "run.json"));
}

}  // namespace
}  // namespace offlab::test
