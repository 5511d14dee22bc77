// The library and the program, of which a script here plays the part: what it is asked, and when a lab is started
// again.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <offlab/lab.h>

#include "unit/library/inner_side.h"
#include "unit/temp_folder.h"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// `asked` gets each command line. `up` stays until it is told to end, and says so; `run` leaves a result, but where the
// file `refuses` holds a text: then it says that and exits 2.
constexpr const char* script = R"sh(#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/asked"
command=$1
while [ $# -gt 0 ]; do
  case $1 in --name) name=$2 ;; --out) out=$2 ;; esac
  shift
done
case $command in
up)
  [ -e "$here/no-lab" ] && { echo "starting" >&2; echo "error: no memory" >&2; exit 3; }
  trap 'echo "down $name" >> "$here/asked"; exit 0' TERM
  echo "lab '$name' is up: client, router, server (tcg)"
  while :; do sleep 0.02; done ;;
run|verify)
  if [ -s "$here/refuses" ]; then cat "$here/refuses" >&2; rm "$here/refuses"; exit 2; fi
  mkdir -p "$out" && cp "$here/run.json" "$out/run.json"
  exit 1 ;;
esac
)sh";

class Program : public testing::Test {
 protected:
  Program() {
    offlab::write_file(temp_.path() / "offlab", script);
    fs::permissions(temp_.path() / "offlab", fs::perms::owner_all);
    offlab::write_file(temp_.path() / "run.json", inner_side::sample_run_json());
    options_.program = temp_.path() / "offlab";
    options_.runs = temp_.path() / "runs";
  }
  std::string asked() const {
    std::ifstream file(temp_.path() / "asked");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  void refuse_once(const std::string& text) const { offlab::write_file(temp_.path() / "refuses", text); }

  offlab::TempFolder temp_;
  offlab::Options options_;
};

TEST_F(Program, RunsATopologyAndReadsItsResult) {
  offlab::Topology topology;
  topology.name = "built";
  options_.more = {"--retries", "1"};
  const offlab::RunResult run = offlab::run(topology, options_);
  EXPECT_EQ(run.cases.size(), 5U);
  EXPECT_THAT(run.folder, HasSubstr((temp_.path() / "runs").string() + "/"));
  EXPECT_THAT(run.folder, HasSubstr("-built-"));
  EXPECT_THAT(asked(), AllOf(HasSubstr("run /"), HasSubstr("--retries 1"), HasSubstr("--out " + run.folder)));
  offlab::run(topology, options_, offlab::Question::as_expected);
  EXPECT_THAT(asked(), HasSubstr("\nverify /"));
}

TEST_F(Program, AMistakeIsAFailureWithItsWords) {
  refuse_once("host: note\ntopology.toml:3:1: error: unknown key 'nmae'\n  nmae = 1\n");
  try {
    offlab::run({}, options_);
    FAIL() << "nothing was thrown";
  } catch (const offlab::Failure& failure) {
    EXPECT_EQ(failure.status(), 2);
    EXPECT_STREQ(failure.what(), "topology.toml:3:1: error: unknown key 'nmae'\n  nmae = 1");
  }
}

TEST_F(Program, ALabStaysForTheNextCaseAndEndsWithItsObject) {
  {
    offlab::Lab lab({}, options_);
    EXPECT_EQ(lab.starts(), 0U) << "it is started when it is needed";
    const offlab::CaseResult result = lab.run({{"router.lro", "off"}});
    EXPECT_EQ(result.id, "router.lro=off");
    EXPECT_EQ(result.fault_class, "lro-orphan-storm") << "the worst of the run's cases";
    lab.run({{"router.lro", "on"}});
    EXPECT_EQ(lab.starts(), 1U);
    EXPECT_THAT(asked(), AllOf(HasSubstr("--foreground"), HasSubstr("--lab " + lab.name() + " ")));
    EXPECT_THAT(asked(), Not(HasSubstr("down")));
  }
  EXPECT_THAT(asked(), HasSubstr("down library-"));
}

TEST_F(Program, ACaseThatNeedsOtherMachinesGetsALabOfItsOwn) {
  offlab::Lab lab({}, options_);
  lab.run({{"router.model", "virtio"}});
  const std::string first = lab.name();
  refuse_once("error: case 'x' does not fit lab 'y': router.model differs\n");
  EXPECT_EQ(lab.run({{"router.model", "vmxnet3"}}).id, "router.model=vmxnet3");
  EXPECT_EQ(lab.starts(), 2U);
  EXPECT_NE(lab.name(), first);
  EXPECT_THAT(asked(), HasSubstr("down " + first));
}

TEST_F(Program, ALabThatDoesNotComeUpIsAFailureWithoutTheLinesOfProgress) {
  offlab::write_file(temp_.path() / "no-lab", "");
  std::string progress;
  options_.progress = [&](const std::string& line) { progress += line + "\n"; };
  offlab::Lab lab({}, options_);
  try {
    lab.run({});
    FAIL() << "nothing was thrown";
  } catch (const offlab::Failure& failure) {
    EXPECT_EQ(failure.status(), 3);
    EXPECT_STREQ(failure.what(), "error: no memory");
  }
  EXPECT_THAT(progress, HasSubstr("starting\n"));
}

TEST_F(Program, IsTheOneThatTheOptionsOrTheEnvironmentName) {
  options_.program = temp_.path() / "missing";
  EXPECT_THROW(offlab::run({}, options_), offlab::Failure);
  options_.program.clear();
  setenv("OFFLAB_PROGRAM", (temp_.path() / "offlab").c_str(), 1);
  EXPECT_NO_THROW(offlab::run({}, options_));
  setenv("OFFLAB_PROGRAM", (temp_.path() / "run.json").c_str(), 1);
  EXPECT_THROW(offlab::run({}, options_), offlab::Failure) << "no program";
  unsetenv("OFFLAB_PROGRAM");
}

TEST_F(Program, IsLookedForInPathLast) {
  const std::string before = std::getenv("PATH");
  setenv("PATH", (temp_.path().string() + ":" + before).c_str(), 1);
  EXPECT_NO_THROW(offlab::run({}, {.runs = options_.runs}));
  setenv("PATH", "relative:/nonexistent", 1);
  EXPECT_THROW(offlab::run({}, {.runs = options_.runs}), offlab::Failure);
  setenv("PATH", before.c_str(), 1);
}

}  // namespace
