// What a terminal shows of a run: a function of its plan, its events, the time and the terminal's size.
#include "progress/live_view.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "progress/columns.h"
#include "progress/sparkline.h"
#include "record/event_json.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr ViewSize wide{80, 24, false};
constexpr ViewSize narrow{40, 24, false};

// Two labs, of three nodes and two cases each.
RunPlan two_labs() {
  RunPlan plan{.name = "pair"};
  for (const char* name : {"lab-1", "lab-2"}) {
    LabPlan lab;
    lab.name = name;
    for (const char* node : {"client", "router", "server"}) lab.nodes.emplace_back().name = node;
    for (const char* id : {"-broken", "-fixed"}) lab.cases.push_back({.id = name + std::string(id)});
    plan.labs.push_back(lab);
  }
  return plan;
}

class LiveView : public testing::Test {
 protected:
  void plan(std::size_t labs) {
    RunPlan plan = two_labs();
    plan.labs.resize(labs);
    progress.expect(plan, 0);
  }
  void happens(const std::string& lab, const Event::What& what) { progress.on(Event(LabAttempt{lab, 1}, what), now); }
  void start(const std::string& lab) {
    happens(lab, event::LabStage{"boot", "tcg"});
    happens(lab, event::NodeReady{"client", 8.6});
    happens(lab, event::NodeReady{"router", 8.1, true});
  }
  void run_case(const std::string& lab, const std::string& leg) {
    const std::string id = lab + "-broken";
    happens(lab, event::LabStage{event::lab_ready});
    happens(lab, event::CaseStarted{id});
    happens(lab, event::StepStarted{id, leg, "server -> client: bulk TCP"});
    happens(lab, event::TransferProgress{id, leg, 0, 4});
    for (int i = 1; i <= 4; ++i)
      happens(lab, event::TransferProgress{id, leg, 0.5 * i, 4, 2e6 * i, 1e6 * i, static_cast<unsigned>(i)});
  }
  std::vector<std::string> view(const ViewSize& size) const { return live_view(progress, now, size); }

  RunProgress progress;
  double now = 0;
};

TEST_F(LiveView, IsEmptyWhereNothingRuns) {
  EXPECT_THAT(view(wide), IsEmpty());
  plan(1);
  EXPECT_THAT(view(wide), IsEmpty());
}

TEST_F(LiveView, OfALabThatStartsIsItsNodes) {
  plan(1);
  start("lab-1");
  EXPECT_THAT(view(wide), ElementsAre("lab-1  boot", "  client up  router up (restored)  server starts",
                                      "0 of 2 cases done, about 16 s left"));
}

TEST_F(LiveView, OfATransferIsWhatGoesIntoTheRouterAndComesOut) {
  plan(1);
  start("lab-1");
  run_case("lab-1", "case");
  EXPECT_THAT(
      view(wide),
      ElementsAre("lab-1  lab-1-broken  case: transfer 2.0 of 4 s", "  client up  router up (restored)  server starts",
                  "  router in 8.00 Mbit/s  out .-+# 4.00 Mbit/s  frag needed 4", "0 of 2 cases done, about 8 s left"));
}

TEST_F(LiveView, AFloodedRouterIsSeenBesideItsControl) {
  plan(1);
  run_case("lab-1", "control");
  const std::string id = "lab-1-broken";
  happens("lab-1", event::StepStarted{id, "case", "server -> client: bulk TCP"});
  happens("lab-1", event::TransferProgress{id, "case", 0, 4});
  happens("lab-1", event::TransferProgress{id, "case", 0.5, 4, 9e6, 1e4, 17});
  EXPECT_THAT(view(wide), Contains(HasSubstr("router in 9.00 Mbit/s  out _ 10.0 kbit/s  frag needed 17")));
}

TEST_F(LiveView, FortyColumnsAreEnough) {
  plan(1);
  start("lab-1");
  run_case("lab-1", "case");
  const auto lines = view(narrow);
  EXPECT_THAT(lines, Contains("  router in 8.00 Mbit/s"));
  EXPECT_THAT(lines, Contains(HasSubstr("frag needed 4")));
  for (const std::string& line : lines) EXPECT_LT(columns_of(line), 40U) << line;
}

TEST_F(LiveView, SeveralLabsHaveTheirLines) {
  plan(2);
  start("lab-1");
  start("lab-2");
  run_case("lab-2", "case");
  EXPECT_THAT(view(wide), ElementsAre("lab-1  boot", "  client up  router up (restored)  server starts",
                                      "lab-2  lab-2-broken  case: transfer 2.0 of 4 s",
                                      "  router in 8.00 Mbit/s  out .-+# 4.00 Mbit/s  frag needed 4",
                                      "0 of 4 cases done, about 24 s left"));
}

TEST_F(LiveView, ALowTerminalHasALineForALab) {
  plan(2);
  start("lab-1");
  run_case("lab-2", "case");
  EXPECT_THAT(view({100, 4, false}),
              ElementsAre("lab-1  boot  client up  router up (restored)  server starts",
                          "lab-2  lab-2-broken  case: transfer 2.0 of 4 s  router in 8.00 Mbit/s  out .-+# 4.00 Mbit/s",
                          "0 of 4 cases done, about 24 s left"));
}

TEST_F(LiveView, LabsThatHaveNoRoomAreCounted) {
  RunPlan plan{.name = "many"};
  for (int i = 0; i < 12; ++i) {
    LabPlan lab;
    lab.name = "lab-" + std::to_string(i);
    lab.cases.push_back({.id = lab.name});
    plan.labs.push_back(lab);
  }
  progress.expect(plan, 0);
  for (const LabPlan& lab : plan.labs) happens(lab.name, event::LabStage{"boot"});
  const auto lines = view({80, 8, false});
  EXPECT_THAT(lines, AllOf(SizeIs(7), Contains("and 7 labs more")));
}

TEST_F(LiveView, WhatIsRecordedIsGoneFromIt) {
  plan(1);
  run_case("lab-1", "case");
  happens("lab-1", event::CaseRecorded{"lab-1-broken", Recorded::recorded, ""});
  EXPECT_THAT(view(wide), Contains("1 of 2 cases done, about 4 s left"));
  happens("lab-1", event::CaseRecorded{"lab-1-fixed", Recorded::recorded, ""});
  EXPECT_THAT(view(wide), IsEmpty());
}

TEST_F(LiveView, ALabThatBrokeComesBackWithNodesThatStart) {
  plan(1);
  start("lab-1");
  happens("lab-1", event::LabFailed{"no tun"});
  EXPECT_THAT(view(wide), IsEmpty());
  progress.on(Event(LabAttempt{"lab-1", 2}, event::LabStage{"boot"}), now);
  EXPECT_THAT(view(wide), Contains("  client starts  router starts  server starts"));
}

TEST_F(LiveView, TheTimeThatIsLeftGoesOnWithoutEvents) {
  plan(1);
  start("lab-1");
  now = 10;
  EXPECT_THAT(view(wide), Contains("0 of 2 cases done, about 6 s left"));
  now = 1000;
  EXPECT_THAT(view(wide), Contains("0 of 2 cases done, about 0 s left"));
}

TEST_F(LiveView, NamesOfOthersAreShownAsText) {
  happens("lab\033[2J\n-1", event::LabStage{"boot\033]0;title\007"});
  happens("lab\033[2J\n-1", event::NodeReady{"ro\033[31muter\u009b1m", 1});
  EXPECT_THAT(view(wide), ElementsAre("lab / -1  boot", "  router up"));
}

// Every event of a real run, on terminals of every width.
TEST_F(LiveView, HasRoomOnEveryTerminalWhateverHappens) {
  progress.expect(recorded_plan(), 0);
  std::ifstream events(recorded_run_path / "events.jsonl");
  std::size_t drawn = 0;
  for (std::string line; std::getline(events, line);) {
    Event event = event_from_line(line);
    event.of.lab = "lab-1";
    progress.on(event, now += 0.1);
    for (const std::size_t columns : {10U, 20U, 40U, 57U, 80U, 200U})
      for (const std::size_t rows : {3U, 5U, 24U}) {
        const auto lines = view({columns, rows, true});
        EXPECT_LT(lines.size(), rows) << columns << " columns, after " << line;
        for (const std::string& one : lines) EXPECT_LT(columns_of(one), columns) << one;
        drawn += lines.size();
      }
  }
  EXPECT_GT(drawn, 1000U);
  EXPECT_THAT(view(wide), IsEmpty());
}

TEST(Sparkline, IsABarForEachOfTheLastValues) {
  const std::vector<double> values = {0, 1, 4, 8, 16};
  EXPECT_EQ(sparkline(values, 8, 16, true), "\u2581\u2581\u2584\u2588\u2588");
  EXPECT_EQ(sparkline(values, 8, 3, false), "-##");
  EXPECT_EQ(sparkline(values, 0, 16, false), "_____");
  EXPECT_EQ(sparkline({}, 8, 16, true), "");
}

TEST(Columns, AreCountedInCharacters) {
  EXPECT_EQ(columns_of("router"), 6U);
  EXPECT_EQ(columns_of("\u2581\u2588"), 2U);
  EXPECT_EQ(columns_of("\u8def\u7531"), 4U);
  EXPECT_EQ(cut_to_columns("\u8def\u7531\u5668\u8def\u7531\u5668", 9), "\u8def\u7531\u5668..");
  EXPECT_EQ(cut_to_columns("hypervisor-lro", 10), "hypervis..");
  EXPECT_EQ(cut_to_columns("hypervisor-lro", 14), "hypervisor-lro");
}

}  // namespace
}  // namespace offlab
