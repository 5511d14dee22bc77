#include "session/merge_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/usage_error.h"
#include "plan/shard.h"
#include "record/run_json.h"
#include "runner/run_matrix.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The recorded run as if it had been made in two parts.
class MergeRuns : public testing::Test {
 protected:
  std::string part(const Shard& shard, bool named_after_shard = true) {
    const fs::path folder = temp_.path() / ("part-" + std::to_string(shard.number));
    fs::copy(recorded_run_path, folder, fs::copy_options::recursive);
    const RunFolder run(folder);
    RunPlan plan = shard_of(recorded_plan(), shard);
    for (LabPlan& lab : plan.labs) {
      if (named_after_shard)
        fs::rename(folder / "labs/lab-1", folder / "labs" / lab.name);
      else
        lab.name = "lab-1";
      for (const CasePlan& one : lab.cases) {
        CaseRecord record = run.read_case_record(one);
        record.lab.lab = lab.name;
        run.write_case_record(one, record);
      }
    }
    run.write_plan(plan);
    run.write_text("shard.json", R"({"number": )" + std::to_string(shard.number) + R"(, "of": )" +
                                     std::to_string(shard.of) + R"(, "all_cases": 4})");
    return folder;
  }

  RunResult merged(const std::vector<std::string>& parts) {
    const RunFolder into = RunFolder::create(temp_.path() / "merged");
    merge_runs(parts, into);
    return judge_run(into.read_plan(), into);
  }

  std::string refusal_of(const std::vector<std::string>& parts) {
    try {
      merged(parts);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  void expect_as_recorded(const RunResult& run) {
    const RunResult whole = judge_run(recorded_plan(), RunFolder::open(recorded_run_path));
    ASSERT_EQ(run.cases.size(), whole.cases.size());
    EXPECT_EQ(run.outcome, whole.outcome);
    for (std::size_t i = 0; i < whole.cases.size(); ++i) {
      EXPECT_EQ(run.cases[i].id, whole.cases[i].id);
      EXPECT_EQ(run.cases[i].fault_class, whole.cases[i].fault_class);
      EXPECT_EQ(run.cases[i].findings, whole.cases[i].findings);
      EXPECT_EQ(run.cases[i].artifacts, whole.cases[i].artifacts);
    }
  }

  TempFolder temp_;
};

TEST_F(MergeRuns, ShardsAreTheRunThatTheyArePartsOf) {
  const RunResult run = merged({part({1, 2}), part({2, 2})});
  expect_as_recorded(run);
  EXPECT_EQ(run.cases.front().lab.lab, "lab-1-shard-1");
  EXPECT_EQ(run.cases.back().lab.lab, "lab-1-shard-2");
  EXPECT_EQ(run.labs.size(), 2U);
}

TEST_F(MergeRuns, AShardThatIsMissingWouldBeMissingInTheVerdict) {
  EXPECT_EQ(refusal_of({part({2, 2})}), "error: of 4 cases 2 are there; shards that are missing: 1/2\n");
}

TEST_F(MergeRuns, AShardIsThereOnce) {
  const std::string one = part({1, 2});
  EXPECT_EQ(refusal_of({one, one}), "error: shard 1/2 is there twice\n");
}

TEST_F(MergeRuns, ARunWithoutALabIsGoneOnWithFirst) {
  const std::string one = part({1, 2});
  fs::remove(fs::path(one) / "environment.json");
  EXPECT_THAT(refusal_of({one, part({2, 2})}), HasSubstr("offlab run --resume " + one));
}

TEST_F(MergeRuns, LabsOfTheSameNameAreToldApart) {
  const RunResult run = merged({part({1, 2}, false), part({2, 2}, false)});
  expect_as_recorded(run);
  EXPECT_EQ(run.cases.front().lab.lab, "lab-1");
  EXPECT_EQ(run.cases.back().lab.lab, "lab-1-run-2");
}

TEST_F(MergeRuns, TheRunsStayAsTheyAre) {
  const std::string one = part({1, 2}, false);
  const std::string two = part({2, 2}, false);
  const CasePlan last = RunFolder::open(two).read_plan().labs[0].cases.back();
  const CaseRecord before = RunFolder::open(two).read_case_record(last);
  merged({one, two});
  EXPECT_EQ(RunFolder::open(two).read_case_record(last), before);
}

TEST_F(MergeRuns, WhatIsNotOneRunIsRefused) {
  const std::string one = part({1, 2});
  fs::remove(fs::path(one) / "shard.json");
  EXPECT_THAT(refusal_of({one, one}), HasSubstr("both have the case"));
  fs::remove_all(temp_.path() / "merged");
  const std::string other = part({2, 2});
  fs::remove(fs::path(other) / "shard.json");
  RunPlan plan = RunFolder::open(other).read_plan();
  plan.measure.duration_seconds += 1;
  RunFolder(other).write_plan(plan);
  EXPECT_THAT(refusal_of({one, other}), HasSubstr("measure in different ways"));
  fs::remove_all(temp_.path() / "merged");
  EXPECT_THAT(refusal_of({one, temp_.path() / "nothing"}), HasSubstr("is not a run folder"));
}

}  // namespace
}  // namespace offlab
