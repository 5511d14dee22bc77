// A run folder that a stranger sent is judged, and nothing of the caller's is written for it.
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
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
  // With a change to plan.json.
  void change_plan(const std::function<void(nlohmann::json& plan)>& change) const {
    nlohmann::json plan = nlohmann::json::parse(read_whole_file(folder_ / "plan.json"));
    change(plan);
    std::ofstream(folder_ / "plan.json") << plan;
  }
  // The one of that id, in run.json.
  nlohmann::json result_of(const std::string& id) const {
    const nlohmann::json run = nlohmann::json::parse(read_whole_file(folder_ / "run.json"));
    for (const nlohmann::json& one : run.at("cases"))
      if (one.at("id") == id) return one;
    ADD_FAILURE() << "no case " << id;
    return {};
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

// A copy of its first case beside the run folder: what a path that leads out would reach.
TEST_F(JudgeFolder, PathsThatLeadOutOfItAreRefused) {
  const std::string inside =
      nlohmann::json::parse(read_whole_file(folder_ / "plan.json"))["labs"][0]["cases"][0]["folder"];
  fs::copy(folder_ / inside, scratch_ / "outside", fs::copy_options::recursive);
  std::map<fs::path, std::string> before;
  for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "outside"))
    if (entry.is_regular_file()) before[entry.path()] = read_whole_file(entry.path());
  for (const std::string& path : {std::string("../outside"), (scratch_ / "outside").string()}) {
    change_plan([&](nlohmann::json& plan) { plan["labs"][0]["cases"][0]["folder"] = path; });
    EXPECT_THAT(judged(), testing::HasSubstr("is no path below"));
    EXPECT_THAT(read_whole_file(folder_ / "run.json"), testing::Not(testing::HasSubstr("outside/")));
  }
  fs::create_directory_symlink(scratch_ / "outside", folder_ / "cases/link");
  change_plan([&](nlohmann::json& plan) { plan["labs"][0]["cases"][0]["folder"] = "cases/link"; });
  judged();
  for (const auto& [file, bytes] : before) EXPECT_EQ(read_whole_file(file), bytes) << file;
}

TEST_F(JudgeFolder, ACaptureElsewhereIsNotRead) {
  const std::string inside =
      nlohmann::json::parse(read_whole_file(folder_ / "plan.json"))["labs"][0]["cases"][0]["folder"];
  const fs::path list = folder_ / inside / "case/captures.json";
  const fs::path first =
      folder_ / inside / "case" / nlohmann::json::parse(read_whole_file(list))[0]["file"].get<std::string>();
  fs::rename(first, scratch_ / "elsewhere.pcapng");
  fs::create_symlink(scratch_ / "elsewhere.pcapng", first);
  const std::string before = read_whole_file(scratch_ / "elsewhere.pcapng");
  judged();
  EXPECT_EQ(read_whole_file(scratch_ / "elsewhere.pcapng"), before);
  EXPECT_TRUE(fs::is_symlink(first));
}

TEST_F(JudgeFolder, ADamagedCaseIsOneErrorAndTheOthersAreJudged) {
  using nlohmann::json;
  const json plan = json::parse(read_whole_file(folder_ / "plan.json"));
  const std::string id = plan["labs"][0]["cases"][0]["id"];
  const fs::path leg = folder_ / plan["labs"][0]["cases"][0]["folder"].get<std::string>() / "case";
  const auto expect_one_error = [&](const std::string& reason) {
    judged();
    const json result = result_of(id);
    EXPECT_EQ(result.at("outcome"), "error") << reason;
    EXPECT_THAT(result.dump(), testing::HasSubstr(reason));
  };
  const auto change_case = [&](const std::function<void(json&)>& change) {
    std::ofstream(folder_ / "plan.json") << plan;
    change_plan([&](json& changed) { change(changed["labs"][0]["cases"][0]); });
  };
  change_case([](json& one) { one["legs"] = json::array(); });
  expect_one_error("has no leg");
  change_case([](json& one) { one["legs"][0]["intent"]["hops"] = json::array(); });
  expect_one_error("has no hop");
  change_case([](json&) {});
  const std::string baseline = read_whole_file(leg / "baseline.json");
  std::ofstream(leg / "baseline.json") << std::string(1'000'000, '[');
  expect_one_error("baseline.json is damaged: nested deeper than 64 levels");
  fs::remove(leg / "baseline.json");
  fs::create_symlink("/dev/zero", leg / "baseline.json");
  expect_one_error("baseline.json is a link");
  fs::remove(leg / "baseline.json");
  ASSERT_EQ(mkfifo((leg / "baseline.json").c_str(), 0600), 0);
  expect_one_error("baseline.json is no regular file");
  fs::remove(leg / "baseline.json");
  std::ofstream(leg / "baseline.json") << baseline;
  judged();
  EXPECT_NE(result_of(id).at("outcome"), "error");
}

}  // namespace
}  // namespace offlab::test
