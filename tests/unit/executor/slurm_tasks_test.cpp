// What Slurm's programs print (22.05), and what they are asked: by programs of the test's own in their place.
#include "executor/slurm_tasks.h"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

TEST(Squeue, TasksAreRead) {
  EXPECT_EQ(parse_squeue("1|PENDING|\n0|RUNNING|h1\n"),
            (std::map<std::size_t, SlurmTask>{{0, {"RUNNING", "h1"}}, {1, {"PENDING", ""}}}));
  EXPECT_TRUE(parse_squeue("").empty());
}

TEST(Squeue, OtherLinesAreRefused) {
  for (const char* text : {"slurm_load_jobs error", "1|PENDING", "x|RUNNING|h1", "|RUNNING|h1", "1 |RUNNING|h1"})
    EXPECT_THROW(parse_squeue(text), Error) << text;
}

TEST(Sbatch, ArraysAreListed) {
  EXPECT_EQ(array_of({0, 1, 2, 7}), "0-2,7");
  EXPECT_EQ(array_of({3}), "3");
}

class Slurm : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::getenv("PATH");
    setenv("PATH", (temp_.path().string() + ":" + path_).c_str(), 1);
    fs::create_directories(temp_.path() / "run/tasks");
    for (const char* name : {"lab-1", "lab-2"}) {
      LabPlan lab;
      lab.name = name;
      plan_.labs.push_back(lab);
    }
    plan_.name = "demo";
    program("sbatch", "echo \"$@\" >> $0.asked; echo '17;cluster'");
  }
  void TearDown() override { setenv("PATH", path_.c_str(), 1); }

  void program(const std::string& name, const std::string& script) const {
    std::ofstream(temp_.path() / name) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(temp_.path() / name, fs::perms::owner_all);
  }
  std::string asked(const std::string& name) const {
    std::ifstream file(temp_.path() / (name + ".asked"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void squeue(const std::string& prints, int status = 0) const {
    program("squeue", "printf '" + prints + "' " + (status == 0 ? "" : ">&2") + "; exit " + std::to_string(status));
  }

  TempFolder temp_;
  std::string path_;
  RunPlan plan_;
  SlurmTasks tasks_{plan_, temp_.path() / "run", {.partition = "lab", .sbatch = {"--time=60"}, .at_once = 2}, {}};
};

TEST_F(Slurm, EachLabIsATaskOfAnArray) {
  tasks_.start({0, 1});
  EXPECT_EQ(tasks_.job(), "17");
  const std::string run = (temp_.path() / "run").string();
  EXPECT_EQ(asked("sbatch"),
            "--parsable --requeue --open-mode=append --array=0-1%2 --job-name=offlab-demo --output=" + run +
                "/tasks/task-%a.log --chdir=" + run + " --partition=lab --time=60 " + run + "/tasks/task.sh\n");
}

TEST_F(Slurm, WhatHappensToATaskIsNews) {
  tasks_.start({0, 1});
  squeue("0|RUNNING|h1\\n1|PENDING|\\n");
  EXPECT_EQ(tasks_.news(), Lines{"lab-1 runs on h1"});
  EXPECT_EQ(tasks_.news(), Lines{});
  squeue("0|PENDING|\\n1|RUNNING|h2\\n");
  program("scontrol", "echo \"$@\" >> $0.asked");
  EXPECT_EQ(tasks_.news(), (Lines{"lab-1 is queued again: it ended on h1", "lab-2 runs on h2"}));
  EXPECT_EQ(tasks_.news(), Lines{});
  EXPECT_EQ(asked("scontrol"), "update JobId=17_0 StartTime=now\n");
  squeue("0|RUNNING|h2\\n");
  EXPECT_EQ(tasks_.news(), Lines{"lab-1 runs on h2"});
  EXPECT_FALSE(tasks_.over());
  squeue("slurm_load_jobs error: Invalid job id specified\\n", 1);
  EXPECT_EQ(tasks_.news(), Lines{});
  EXPECT_TRUE(tasks_.over());
}

TEST_F(Slurm, ASchedulerThatDoesNotAnswerIsAskedAgain) {
  tasks_.start({0});
  squeue("slurm_load_jobs error: Unable to contact slurm controller\\n", 1);
  EXPECT_EQ(tasks_.news(), Lines{"squeue: slurm_load_jobs error: Unable to contact slurm controller; asking again"});
  EXPECT_EQ(tasks_.news(), Lines{});
  EXPECT_FALSE(tasks_.over());
  squeue("0|RUNNING|h1\\n");
  EXPECT_EQ(tasks_.news(), Lines{"lab-1 runs on h1"});
}

TEST_F(Slurm, AJobThatAnEarlierProcessBeganIsFollowed) {
  tasks_.start({0, 1});
  squeue("0|RUNNING|h1\\n");
  SlurmTasks later(plan_, temp_.path() / "run", {}, {});
  EXPECT_TRUE(later.under_way());
  EXPECT_EQ(later.job(), "17");
  const std::string once = asked("sbatch");
  EXPECT_EQ(std::count(once.begin(), once.end(), '\n'), 1);
}

TEST_F(Slurm, ARefusalOfSbatchIsShown) {
  program("sbatch", "echo 'sbatch: error: invalid partition specified: lab' >&2; exit 1");
  try {
    tasks_.start({0});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("invalid partition specified: lab"));
  }
}

TEST_F(Slurm, CancelEndsTheJobAndForgetsIt) {
  program("scancel", "echo \"$@\" > $0.asked");
  squeue("slurm_load_jobs error: Invalid job id specified\\n", 1);
  tasks_.cancel();
  EXPECT_EQ(asked("scancel"), "");
  tasks_.start({0});
  tasks_.cancel();
  EXPECT_EQ(asked("scancel"), "17\n");
  EXPECT_FALSE(SlurmTasks(plan_, temp_.path() / "run", {}, {}).under_way());
}

}  // namespace
}  // namespace offlab
