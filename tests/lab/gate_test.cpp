// The gate with real labs: a run against today.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Gate : public StayingLab {
 protected:
  ScratchFolder scratch_;
  fs::path out_ = scratch_ / "gate";
};

TEST_F(Gate, ComparesARunWithToday) {
  const fs::path run = scratch_ / "then";
  ASSERT_EQ(ask({"run", demo_file, "--case", "fixed", "--out", run, "--duration", "1"}, 120).status, 0);
  const std::string digest = read_json(run / "run.json").at("image").at("digest").get<std::string>().substr(0, 16);
  const Answer answer = ask(
      {"gate", demo_file, "--case", "fixed", "--baseline-run", run, "--pairs", "4", "--duration", "1", "--out", out_},
      240);
  EXPECT_THAT(answer.status, testing::AnyOf(0, 4)) << answer.output;
  EXPECT_THAT(answer.output, HasSubstr("the run then (healthy then)"));
  const auto gate = read_json(out_ / "gate.json");
  EXPECT_EQ(gate.at("baseline").at("class"), "healthy");
  EXPECT_EQ(gate.at("pairs").size(), 4U);
  EXPECT_THAT(read_text(out_ / "classes/plan.json"), HasSubstr("debian-12#" + digest));
  EXPECT_EQ(host_state(), before_);
}

}  // namespace
}  // namespace offlab::test
