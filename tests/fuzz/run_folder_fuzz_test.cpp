// Ten thousand damaged run folders, and as many damaged plans: each is judged or refused with a reason, at once; a
// damaged case does not hide the other; and nothing outside of the folder is touched.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <pugixml.hpp>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/read_file.h"
#include "base/usage_error.h"
#include "fuzz/attempt.h"
#include "fuzz/restored_folder.h"
#include "fuzz/small_run.h"
#include "fuzz/watched_folder.h"
#include "record/run_json.h"
#include "report/console.h"
#include "runner/annotate_findings.h"
#include "runner/run_matrix.h"
#include "session/run_session.h"
#include "unit/temp_folder.h"
#include "unit/xml_characters.h"

namespace offlab::fuzz {
namespace {

namespace fs = std::filesystem;

// Root, but not for files that nobody may read.
class WithoutReadingEverything {
 public:
  WithoutReadingEverything() {
    syscall(SYS_capget, &header_, before_);
    __user_cap_data_struct now[2] = {before_[0], before_[1]};
    now[0].effective &= ~((1U << CAP_DAC_OVERRIDE) | (1U << CAP_DAC_READ_SEARCH));
    syscall(SYS_capset, &header_, now);
  }
  WithoutReadingEverything(const WithoutReadingEverything&) = delete;
  WithoutReadingEverything& operator=(const WithoutReadingEverything&) = delete;
  ~WithoutReadingEverything() { syscall(SYS_capset, &header_, before_); }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[2] = {};
};

// As `offlab judge` does it, on a folder of this user's own; then what it wrote is read.
RunResult judge(const fs::path& path) {
  const RunFolder folder = as_usage([&] { return RunFolder::open(path); });
  RunResult run = judge_run(folder.read_plan(), folder);
  for (const CaseResult& one : run.cases) annotate_findings(one, folder);
  write_reports(run, folder);
  std::string shown = console_summary(run, "");
  for (const CaseResult& one : run.cases) shown += console_case(one, run.question, true);
  const std::string json = read_whole_file(path / "run.json");
  const std::string xml = read_whole_file(path / "junit.xml");
  for (const std::string& text : {shown, json, xml}) {
    EXPECT_EQ(character_that_xml_forbids(text), "");
    EXPECT_EQ(text.find_first_of("\r\033\x7f"), std::string::npos);
  }
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(xml.c_str()));
  EXPECT_EQ(run_from_json(json).cases.size(), run.cases.size());
  return run;
}

const CaseResult* result_of(const RunResult& run, const std::string& folder) {
  const auto found = std::find_if(run.cases.begin(), run.cases.end(),
                                  [&](const CaseResult& one) { return one.folder.rfind(folder, 0) == 0; });
  return found == run.cases.end() ? nullptr : &*found;
}

class RunFolderFuzz : public testing::Test {
 protected:
  RunFolderFuzz() {
    make_small_run(temp_.path() / "run");
    make_small_run(outside_);
    for (const char* name : {"victim", "run.json", "junit.xml", "run.json.new"})
      write_file(outside_ / name, "precious");
    watched_ = std::make_unique<WatchedFolder>(outside_);
    folder_ = std::make_unique<RestoredFolder>(temp_.path() / "run");
    paths_ = {R"("../outside")", R"("../../outside/cases")", "\"" + outside_.string() + "\"",
              "\"" + (outside_ / judged_case).string() + "\"", R"("../../../../outside/victim")"};
  }

  // What can be replaced: all that is there, and what judging writes.
  std::string any_place(Random& random) const {
    const std::string leg = judged_case + std::string("/case");
    static const std::vector<std::string> written = {"run.json",
                                                     "run.json.new",
                                                     "junit.xml",
                                                     "junit.xml.new",
                                                     leg + "/router-wan.pcapng.new",
                                                     leg + "/router-lan.pcapng.new",
                                                     judged_case + std::string(".attempt-2"),
                                                     "labs/lab-1.attempt-2",
                                                     leg + "-2"};
    const auto kind = random() % 3;
    return one_of(kind == 0 ? folder_->files() : kind == 1 ? folder_->folders() : written, random);
  }

  // A file of the folder, or what takes its place, is damaged; gives the words for it.
  std::string damage_any_file(Random& random, std::string& file) {
    if (random() % 5 == 0) {
      file = any_place(random);
      return folder_->replace(file, outside_, random);
    }
    file = one_of(folder_->files(), random);
    const Damaged changed = damaged(folder_->content(file), random, paths_);
    folder_->write(file, changed.text);
    return file + ": " + changed.how;
  }

  std::optional<RunResult> try_to_judge(const std::string& name) {
    watched_->events();
    std::optional<RunResult> run;
    tally_.count(refusal_of(name, [&] { run = judge(folder_->path()); }));
    EXPECT_THAT(watched_->events(), testing::IsEmpty()) << name;
    folder_->restore();
    return run;
  }

  void expect_nothing_changed_outside() const {
    tally_.expect_both();
    EXPECT_THAT(watched_->changes(), testing::IsEmpty());
  }

  TempFolder temp_{memory_folder()};
  fs::path outside_ = temp_.path() / "outside";
  std::unique_ptr<WatchedFolder> watched_;
  std::unique_ptr<RestoredFolder> folder_;
  std::vector<std::string> paths_;
  Tally tally_;
};

TEST_F(RunFolderFuzz, TheSmallRunShowsItsFaultInItsCaptures) {
  const RunResult run = judge(folder_->path());
  ASSERT_EQ(run.cases.size(), 2U);
  EXPECT_EQ(run.cases[0].outcome, Outcome::fail) << console_case(run.cases[0], run.question, true);
  EXPECT_TRUE(std::any_of(run.cases[0].findings.begin(), run.cases[0].findings.end(),
                          [](const Finding& one) { return !one.frames.empty(); }));
  EXPECT_EQ(run.cases[1].outcome, Outcome::skip);
  const std::string capture = judged_case + std::string("/case/router-wan.pcapng");
  EXPECT_NE(read_whole_file(folder_->path() / capture), folder_->content(capture));  // annotated
  folder_->restore();
  EXPECT_EQ(read_whole_file(folder_->path() / capture), folder_->content(capture));
  EXPECT_FALSE(fs::exists(folder_->path() / "run.json"));
}

TEST_F(RunFolderFuzz, TheWatchSeesWhatIsTouchedOutside) {
  EXPECT_THAT(watched_->events(), testing::IsEmpty());
  EXPECT_THAT(watched_->changes(), testing::IsEmpty());
  read_whole_file(outside_ / judged_case / "case/samples.csv");
  EXPECT_THAT(watched_->events(), testing::Contains(testing::EndsWith("samples.csv opened")));
  write_file(temp_.path() / "stray", "");
  EXPECT_THAT(watched_->events(), testing::ElementsAre(testing::EndsWith("stray made")));
  write_file(outside_ / "victim", "ravished");
  EXPECT_THAT(watched_->events(), testing::Contains(testing::EndsWith("victim written")));
  EXPECT_THAT(watched_->changes(), testing::ElementsAre(testing::HasSubstr("victim: was mode")));
}

TEST_F(RunFolderFuzz, TenThousandDamagedFoldersAreEachJudgedOrRefusedWithAReason) {
  const WithoutReadingEverything as_others_do;
  try_all([&](Random& random, const std::string& seed) {
    std::string file;
    const std::string name = seed + ": " + damage_any_file(random, file);
    const std::optional<RunResult> run = try_to_judge(name);
    if (file.rfind(judged_case, 0) != 0) return;
    ASSERT_TRUE(run) << name;
    const CaseResult* other = result_of(*run, skipped_case);
    ASSERT_NE(other, nullptr) << name;
    EXPECT_EQ(other->outcome, Outcome::skip) << name;
  });
  expect_nothing_changed_outside();
}

TEST_F(RunFolderFuzz, TenThousandDamagedPlansAreEachJudgedOrRefusedWithAReason) {
  const std::string plan = folder_->content("plan.json");
  const std::string earlier = small_earlier_plan();
  try_all([&](Random& random, const std::string& seed) {
    if (random() % 50 == 0) return void(try_to_judge(seed + ": " + folder_->replace("plan.json", outside_, random)));
    const Damaged changed = damaged(random() % 4 == 0 ? earlier : plan, random, paths_);
    folder_->write("plan.json", changed.text);
    try_to_judge(seed + ": plan.json: " + changed.how);
  });
  expect_nothing_changed_outside();
}

}  // namespace
}  // namespace offlab::fuzz
