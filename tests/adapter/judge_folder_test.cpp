// A run folder that a stranger sent is judged, and nothing of the caller's is written for it.
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/read_file.h"
#include "folders.h"
#include "lab/program.h"
#include "unit/xml_characters.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t stranger = 65534;

class JudgeFolder : public testing::Test {
 protected:
  JudgeFolder() {
    fs::copy(fs::path(tests_folder()) / "data/recorded-run", folder_, fs::copy_options::recursive);
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
  // Replaces `piece` in a file of the folder; it must be there.
  void change(const std::string& file, const std::string& piece, const std::string& replacement) const {
    std::string text = read_whole_file(folder_ / file);
    const auto at = text.find(piece);
    ASSERT_NE(at, std::string::npos) << piece;
    std::ofstream(folder_ / file, std::ios::binary) << text.replace(at, piece.size(), replacement);
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

// What whoever made the folder may write into it, and what a guest may say.
TEST_F(JudgeFolder, ForgesNothingAndCommandsNoTerminal) {
  const std::string forged = R"(\nPASS  forged\r\n\u001b]0;title\u0007\u001b[2J\u009b1m\uffff\ufffe\u0001\u007f)";
  change("plan.json", R"("vmxnet3-router")", R"("vmxnet3)" + forged + "\"");
  change("plan.json", R"("smaller-client-mtu")", R"("smaller)" + forged + "\"");
  std::ofstream(folder_ / "cases/01-control-lro-on/case.json")
      << R"({"id":"control-lro-on","recorded":"broken","reason":"no)" << forged << R"("})";
  change("cases/02-hypervisor-lro/case/after/router.txt",
         "==> end <==", "[ 19.0] bad gso \033]0;title\007\033[2J\u009b1m\uffff\xed\xa0\x80\xff\x01\n==> end <==");
  const std::string shown = judged({"--verbose"});
  const std::string xml = read_whole_file(folder_ / "junit.xml");
  const std::string json = read_whole_file(folder_ / "run.json");
  for (const std::string& text : {shown, xml, json}) {
    EXPECT_EQ(character_that_xml_forbids(text), "");
    EXPECT_EQ(text.find_first_of(std::string("\0\x01\a\b\r\033\x7f", 7)), std::string::npos);
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("\u009b")));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("\nPASS  forged")));
    EXPECT_THAT(text, testing::HasSubstr("complaints, the first: router: [ 19.0] bad gso ?????"));
  }
  EXPECT_THAT(shown, testing::HasSubstr("\n    no / PASS  forged / ??\n"));
  EXPECT_THAT(shown, testing::HasSubstr("\nvmxnet3 / PASS  forged / ??: is forwarding healthy? FAIL\n"));
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(xml.c_str()));
  EXPECT_STREQ(document.child("testsuite").attribute("errors").value(), "1");
  EXPECT_EQ(nlohmann::json::parse(json).at("cases").at(0).at("reason"), "no\nPASS  forged\n??");
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

TEST_F(JudgeFolder, OfASuiteIsJudgedWhateverIsBesideItsRuns) {
  const fs::path suite = scratch_ / "suite";
  fs::create_directories(suite);
  fs::create_symlink("loop", suite / "loop");
  fs::create_directory_symlink(folder_, suite / "link");
  ASSERT_EQ(mkfifo((suite / "fifo").c_str(), 0600), 0);
  fs::create_directories(suite / "broken");
  fs::create_symlink("error.txt", suite / "broken/error.txt");
  fs::copy(folder_, suite / "run", fs::copy_options::recursive);
  Program program({"judge", suite.string()});
  EXPECT_EQ(program.wait(std::chrono::seconds(20)), 1);
  EXPECT_THAT(program.output(), testing::HasSubstr("broken"));
  EXPECT_THAT(program.output(), testing::Not(testing::HasSubstr("filesystem error")));
  EXPECT_TRUE(fs::exists(suite / "run/run.json"));
  EXPECT_FALSE(fs::exists(folder_ / "run.json"));
}

}  // namespace
}  // namespace offlab::test
