// The run folder: written once, read any time later, whatever happened to it in between.
#include "record/run_folder.h"

#include <functional>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "record/event_json.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::StartsWith;

class RunFolderTest : public testing::Test {
 protected:
  TempFolder temp_;
  RunFolder folder_{temp_.path()};
  CasePlan plan_ = recorded_case("hypervisor-lro");
};

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no Error";
}

TEST_F(RunFolderTest, IsMadeNewOrInAnEmptyFolder) {
  EXPECT_TRUE(fs::is_directory(RunFolder::create(temp_.path() / "a/b").path()));
  EXPECT_NO_THROW(RunFolder::create(temp_.path() / "a/b"));
}

TEST_F(RunFolderTest, IsNotMadeOverWhatIsThere) {
  write_file(temp_.path() / "full/x", "");
  EXPECT_EQ(error_of([&] { RunFolder::create(temp_.path() / "full"); }),
            (temp_.path() / "full").string() + " exists and is not an empty folder");
  EXPECT_NE(error_of([&] { RunFolder::create(temp_.path() / "full/x"); }), "no Error");
  EXPECT_NE(error_of([&] { RunFolder::create(temp_.path() / "full/x/below"); }), "no Error");
}

TEST_F(RunFolderTest, IsOpenedOnlyWithAPlan) {
  EXPECT_EQ(error_of([&] { RunFolder::open(temp_.path()); }),
            temp_.path().string() + " is not a run folder: it has no plan.json");
  EXPECT_NE(error_of([&] { RunFolder::open(temp_.path() / "nowhere"); }), "no Error");
  folder_.write_plan(recorded_plan());
  EXPECT_EQ(RunFolder::open(temp_.path()).read_plan().name, "vmxnet3-router");
}

TEST_F(RunFolderTest, APlanThatIsALinkIsRefusedWhereverItLeads) {
  for (const char* target : {"plan.json", "nowhere", "real.json"}) {
    write_file(temp_.path() / "real.json", "{}");
    fs::remove(temp_.path() / "plan.json");
    fs::create_symlink(target, temp_.path() / "plan.json");
    EXPECT_EQ(error_of([&] { RunFolder::open(temp_.path()).read_plan(); }),
              (temp_.path() / "plan.json").string() + " is a link; offlab does not follow it")
        << target;
  }
}

TEST_F(RunFolderTest, ReadsTextBackAndLeavesNoHalfFile) {
  const std::string text("a\0b\r\n\xff", 6);
  folder_.write_text("x/y/z.txt", text);
  EXPECT_EQ(folder_.read_text("x/y/z.txt"), text);
  folder_.write_text("x/y/z.txt", "");
  EXPECT_EQ(folder_.read_text("x/y/z.txt"), "");
  EXPECT_TRUE(folder_.has("x/y/z.txt"));
  EXPECT_FALSE(folder_.has("x/y/z.txt.new"));
  EXPECT_EQ(error_of([&] { folder_.read_text("x/none"); }),
            "reading " + (temp_.path() / "x/none").string() + ": No such file or directory");
}

TEST_F(RunFolderTest, NamesADamagedPlan) {
  write_file(temp_.path() / "plan.json", "{ \"schema\": ");
  EXPECT_THAT(error_of([&] { folder_.read_plan(); }),
              StartsWith((temp_.path() / "plan.json").string() + " is damaged: "));
}

TEST_F(RunFolderTest, TwoCasesInOneFolderAreNoPlan) {
  RunPlan plan = recorded_plan();
  plan.labs[0].cases.push_back(plan.labs[0].cases[0]);
  folder_.write_plan(plan);
  EXPECT_THAT(error_of([&] { folder_.read_plan(); }), StartsWith("plan.json: two cases have the folder 'cases/"));
}

TEST_F(RunFolderTest, MoreCasesThanAFileMayHaveAreNoPlan) {
  RunPlan plan = recorded_plan();
  CasePlan one = plan.labs[0].cases[0];
  one.legs.clear();
  for (int number = 0; number < 2000; ++number) {
    one.folder = "cases/" + std::to_string(number);
    plan.labs[0].cases.push_back(one);
  }
  folder_.write_plan(plan);
  EXPECT_THAT(error_of([&] { folder_.read_plan(); }), testing::HasSubstr("are more than the 2000"));
}

TEST_F(RunFolderTest, AFolderThatOthersCanWriteIsNotOnesOwn) {
  EXPECT_TRUE(folder_.is_own());
  fs::permissions(temp_.path(), fs::perms::all);
  EXPECT_FALSE(folder_.is_own());
}

TEST_F(RunFolderTest, ReadsTheEnvironmentBack) {
  const Environment recorded = RunFolder::open(recorded_run_path).read_environment();
  EXPECT_EQ(recorded.host.at("accel"), "tcg");
  folder_.write_environment(recorded);
  const Environment read = folder_.read_environment();
  EXPECT_EQ(read.host, recorded.host);
  EXPECT_EQ(read.image, recorded.image);
  EXPECT_EQ(read.packages, recorded.packages);
  EXPECT_EQ(read.started, "2026-11-24T06:38:54Z");
  EXPECT_EQ(read.seconds, recorded.seconds);
  for (const char* text : {"", "[]", "{}", R"({"host":7})"}) {
    write_file(temp_.path() / "environment.json", text);
    EXPECT_NE(error_of([&] { folder_.read_environment(); }).find("damaged"), std::string::npos) << text;
  }
}

TEST_F(RunFolderTest, AppendsEvents) {
  folder_.append_event(event::Note{"one"});
  folder_.append_event(event::Note{"two"});
  EXPECT_EQ(folder_.read_text("events.jsonl"),
            "{\"event\":\"note\",\"text\":\"one\"}\n{\"event\":\"note\",\"text\":\"two\"}\n");
}

TEST_F(RunFolderTest, EventsOfSeveralThreadsAreWholeLines) {
  const std::string text(20'000, 'x');
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int event = 0; event < 10; ++event) folder_.append_event(event::Note{text});
      });
  }
  const std::string line = event_to_line(event::Note{text}) + "\n";
  std::string all;
  for (int event = 0; event < 40; ++event) all += line;
  EXPECT_TRUE(folder_.read_text("events.jsonl") == all);
}

TEST_F(RunFolderTest, ReadsALegBack) {
  const LegObservation& seen = recorded_leg("hypervisor-lro").seen;
  ASSERT_EQ(seen.baseline.size(), 4U);
  ASSERT_EQ(seen.after.nodes.size(), 3U);
  const std::string where = RunFolder::leg_folder(plan_, LegRole::measured);
  EXPECT_EQ(where, "cases/02-hypervisor-lro/case");
  EXPECT_EQ(RunFolder::leg_folder(plan_, LegRole::control), "cases/02-hypervisor-lro/control");
  folder_.write_leg(where, seen);
  EXPECT_EQ(folder_.read_leg(where), seen);
}

TEST_F(RunFolderTest, KeepsTheFixedByteTransfer) {
  LegObservation seen = recorded_leg("hypervisor-lro").seen;
  seen.stream = StreamOutput{1000, 1000, std::string(64, 'a'), std::string(64, 'a'), ""};
  const std::string where = RunFolder::leg_folder(plan_, LegRole::measured, 2);
  EXPECT_EQ(where, "cases/02-hypervisor-lro/case-2");
  folder_.write_leg(where, seen);
  EXPECT_EQ(folder_.read_leg(where), seen);
  write_file(temp_.path() / where / "stream.json", "{");
  EXPECT_NE(error_of([&] { folder_.read_leg(where); }), "no Error");
}

TEST_F(RunFolderTest, ReadsALegThatBrokeAtOnceBack) {
  folder_.write_leg("leg", {});
  EXPECT_EQ(folder_.read_leg("leg"), LegObservation{});
}

TEST_F(RunFolderTest, ALegWithoutAFileIsAnError) {
  for (const char* file :
       {"baseline.json", "iperf3.json", "iperf3.stderr", "transfer.json", "samples.csv", "captures.json"}) {
    folder_.write_leg("leg", recorded_leg("hypervisor-lro").seen);
    fs::remove(temp_.path() / "leg" / file);
    EXPECT_NE(error_of([&] { folder_.read_leg("leg"); }), "no Error") << file;
  }
}

TEST_F(RunFolderTest, ALegWithADamagedFileIsAnError) {
  for (const char* file : {"baseline.json", "transfer.json", "samples.csv", "captures.json", "before/taps.json"}) {
    folder_.write_leg("leg", recorded_leg("hypervisor-lro").seen);
    write_file(temp_.path() / "leg" / file, "{");
    EXPECT_NE(error_of([&] { folder_.read_leg("leg"); }), "no Error") << file;
  }
}

TEST_F(RunFolderTest, ALegWithAFileOfAnotherShapeIsAnError) {
  for (const char* file : {"baseline.json", "transfer.json"}) {
    folder_.write_leg("leg", recorded_leg("hypervisor-lro").seen);
    write_file(temp_.path() / "leg" / file, "[7]");
    EXPECT_THROW(folder_.read_leg("leg"), Error) << file;
  }
}

TEST_F(RunFolderTest, ASnapshotWithoutItsTapsIsNoSnapshot) {
  folder_.write_leg("leg", recorded_leg("hypervisor-lro").seen);
  fs::remove(temp_.path() / "leg/after/taps.json");
  EXPECT_EQ(folder_.read_leg("leg").after, Snapshot{});
}

TEST_F(RunFolderTest, ReadsACaseRecordBack) {
  for (const CaseRecord& record :
       {CaseRecord{Recorded::skipped, "virtio has no LRO", {"lab-1", 2}}, CaseRecord{Recorded::recorded},
        CaseRecord{Recorded::broken, "it broke"}, CaseRecord{std::nullopt, "interrupted"}}) {
    folder_.write_case_record(plan_, record);
    EXPECT_EQ(folder_.read_case_record(plan_), record);
  }
}

TEST_F(RunFolderTest, ReadsACaseRecordOfAnEarlierVersion) {
  const std::map<std::string, Recorded> outcomes = {
      {"pass", Recorded::recorded}, {"skip", Recorded::skipped}, {"error", Recorded::broken}};
  for (const auto& [outcome, recorded] : outcomes) {
    write_file(temp_.path() / plan_.folder / "case.json", R"({"id":"a","outcome":")" + outcome + R"(","reason":"r"})");
    EXPECT_EQ(folder_.read_case_record(plan_), (CaseRecord{recorded, "r"}));
  }
}

TEST_F(RunFolderTest, ACaseWithoutARecordWasNotTried) {
  const CaseRecord read = folder_.read_case_record(plan_);
  EXPECT_FALSE(read.recorded);
  EXPECT_EQ(read.reason, "the run ended before this case was tried");
}

TEST_F(RunFolderTest, ACaseThatLeftFilesAndNoRecordBroke) {
  folder_.write_text(plan_.folder + "/control/iperf3.json", "");
  EXPECT_EQ(folder_.read_case_record(plan_), (CaseRecord{Recorded::broken, "the run ended inside this case"}));
}

TEST_F(RunFolderTest, AttemptsStandSideBySide) {
  EXPECT_EQ(folder_.attempts(plan_), 1U);
  folder_.write_case_record(plan_, {Recorded::broken, "it broke"});
  const CasePlan second = attempt_of(plan_, 2);
  EXPECT_EQ(second.folder, "cases/02-hypervisor-lro.attempt-2");
  folder_.write_case_record(second, {Recorded::recorded});
  EXPECT_EQ(folder_.attempts(plan_), 2U);
  EXPECT_EQ(folder_.read_case_record(plan_).recorded, Recorded::broken);
  EXPECT_EQ(folder_.read_case_record(second).recorded, Recorded::recorded);
  EXPECT_EQ(folder_.artifacts(plan_), (std::vector<std::string>{"cases/02-hypervisor-lro.attempt-2/case.json",
                                                                "cases/02-hypervisor-lro/case.json"}));
}

TEST_F(RunFolderTest, EachLabHasAnEnvironment) {
  EXPECT_EQ(folder_.read_lab_environment({"lab-1", 1}), Environment());
  const Environment first{{{"kernel", "6.1"}}, {}, {}, "2026-11-24T06:38:54Z", 1};
  folder_.write_lab_environment({"lab-1", 1}, first);
  folder_.write_lab_environment({"lab-1", 2}, {{{"kernel", "6.12"}}, {}, {}, "", 0});
  EXPECT_EQ(folder_.read_lab_environment({"lab-1", 1}), first);
  EXPECT_TRUE(folder_.has("labs/lab-1.attempt-2/environment.json"));
  write_file(temp_.path() / "labs/lab-1/environment.json", "{");
  EXPECT_NE(error_of([&] { folder_.read_lab_environment({"lab-1", 1}); }), "no Error");
}

TEST_F(RunFolderTest, NamesADamagedCaseRecord) {
  for (const char* text : {"", "{}", "[]", R"({"outcome":"great","reason":""})", R"({"outcome":"pass"})",
                           R"({"recorded":"great","reason":""})"}) {
    write_file(temp_.path() / "cases/02-hypervisor-lro/case.json", text);
    EXPECT_NE(error_of([&] { folder_.read_case_record(plan_); }), "no Error") << text;
  }
}

// A guest's stderr in a reason may hold any byte.
TEST_F(RunFolderTest, RecordsAReasonThatIsNotUtf8) {
  EXPECT_NO_THROW(folder_.write_case_record(plan_, {Recorded::broken, "router said \xff"}));
  EXPECT_EQ(folder_.read_case_record(plan_).recorded, Recorded::broken);
}

TEST_F(RunFolderTest, AReasonIsCleanOnDiskAndInAStrangersFolder) {
  folder_.write_case_record(plan_, {Recorded::broken, "a\033[2Jb\nc\uffff"});
  EXPECT_EQ(nlohmann::json::parse(folder_.read_text("cases/02-hypervisor-lro/case.json")).at("reason"), "ab\nc?");
  write_file(temp_.path() / "cases/02-hypervisor-lro/case.json",
             R"({"recorded":"broken","reason":"a\u001b[2Jb\r\nc\uffff"})");
  EXPECT_EQ(folder_.read_case_record(plan_).reason, "ab\nc?");
}

TEST_F(RunFolderTest, AnEnvironmentIsCleanOnDiskAndInAStrangersFolder) {
  Environment environment;
  environment.packages = {{"iperf3", "3.12\033[2J\uffff"}};
  folder_.write_environment(environment);
  EXPECT_EQ(nlohmann::json::parse(folder_.read_text("environment.json")).at("packages").at("iperf3"), "3.12?");
  write_file(temp_.path() / "environment.json",
             R"({"host":{"k\u001b[2J":"v\u009b2J"},"image":{},"packages":{},"started":"","seconds":0})");
  EXPECT_EQ(folder_.read_environment().host, (std::map<std::string, std::string>{{"k", "v"}}));
}

TEST_F(RunFolderTest, RecordsABaselineThatIsNotUtf8) {
  LegObservation seen;
  seen.baseline[{"router", "wan"}] = "netlink error: \xff";
  EXPECT_NO_THROW(folder_.write_leg("leg", seen));
  EXPECT_EQ(folder_.read_leg("leg").baseline.count({"router", "wan"}), 1U);
}

TEST_F(RunFolderTest, ABaselineOfSomethingThatIsNoNicIsDamaged) {
  folder_.write_leg("leg", LegObservation());
  folder_.write_text("leg/baseline.json", R"({"router": "[]"})");
  EXPECT_THROW(folder_.read_leg("leg"), Error);
}

TEST_F(RunFolderTest, ListsTheFilesOfACase) {
  EXPECT_EQ(folder_.artifacts(plan_), std::vector<std::string>{});
  folder_.write_case_record(plan_, {Recorded::recorded});
  folder_.write_text("cases/02-hypervisor-lro/case/before/router.txt", "");
  folder_.write_text("cases/03-other/case.json", "");
  fs::create_directories(folder_.make_folder("cases/02-hypervisor-lro/case/empty"));
  EXPECT_EQ(folder_.artifacts(plan_), (std::vector<std::string>{"cases/02-hypervisor-lro/case.json",
                                                                "cases/02-hypervisor-lro/case/before/router.txt"}));
}

}  // namespace
}  // namespace offlab
