#include "record/stream_json.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(StreamJson, BeginsWithItsSchema) {
  EXPECT_EQ(stream_begin_line("0.1.0", "run"), R"({"schema":"offlab.events/1","offlab":"0.1.0","command":"run"})");
}

TEST(StreamJson, SaysWhatIsPlanned) {
  RunPlan plan{.name = "demo"};
  plan.labs.emplace_back().name = "lab-1";
  plan.labs[0].nodes.emplace_back().name = "router";
  plan.labs[0].cases.push_back({.id = "broken"});
  EXPECT_EQ(stream_plan_line(plan), R"({"event":"run-planned","name":"demo","question":"healthy","labs":[{"name":)"
                                    R"("lab-1","nodes":["router"],"cases":["broken"]}]})");
}

TEST(StreamJson, EndsWithTheOutcomeAndHowManyCasesHadIt) {
  RunResult run{.outcome = Outcome::fail, .name = "demo", .seconds = 12.5};
  for (const Outcome outcome : {Outcome::fail, Outcome::pass, Outcome::fail}) {
    run.cases.push_back({.id = "a", .outcome = outcome, .forwarding = outcome});
  }
  EXPECT_EQ(stream_end_line({.outcome = Outcome::fail, .exit_status = 1, .folder = "runs/x"}, &run),
            R"({"event":"run-ended","outcome":"fail","exit_status":1,"interrupted":false,"folder":"runs/x",)"
            R"("name":"demo","seconds":12.5,"cases":{"fail":2,"pass":1}})");
}

TEST(StreamJson, EndsWithTheReasonWhereThereIsNoResult) {
  EXPECT_EQ(stream_end_line({.exit_status = 3, .reason = "no\033[2J tun", .remedy = "load it"}, nullptr),
            R"({"event":"run-ended","outcome":"error","exit_status":3,"interrupted":false,"folder":null,)"
            R"("reason":"no tun","remedy":"load it"})");
}

}  // namespace
}  // namespace offlab
