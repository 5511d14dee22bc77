// Legs that go wrong: what is told of it, and what is put back all the same.
#include "lab/leg_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"

namespace offlab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr OffloadWord forced{true, true, true};
constexpr OffloadWord as_asked{true, false, false};  // by a router whose LRO is off

class LegOfALab : public RunningDemoLab {
 protected:
  std::string error() {
    return error_of([&] { perform(broken(), LegRole::measured); });
  }
  std::string refusal() {
    return refusal_of([&] { perform(broken(), LegRole::measured); });
  }
  // At the last look at this guest the tap's words are forced, and what was counted is counted.
  void after_the_transfer(const std::string& node, std::function<void()> happens) {
    world.shell.react(node, " -l ",
                      [happens = std::move(happens)](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
                        happens();
                        return std::nullopt;
                      });
  }
  void expect_taps_put_back() {
    for (const char* tap : {"router-lan", "router-wan"}) EXPECT_EQ(world.taps.word(tap), as_asked) << tap;
  }
};

TEST_F(LegOfALab, ForcesTapsForItsTransferOnly) {
  std::vector<OffloadWord> meanwhile;
  after_the_transfer("router", [&] {
    for (const char* tap : {"router-lan", "router-wan"}) meanwhile.push_back(world.taps.word(tap));
  });
  perform(broken(), LegRole::measured);
  EXPECT_THAT(meanwhile, ElementsAre(forced, forced));
  expect_taps_put_back();
  EXPECT_TRUE(seen.before.taps.at("router-wan").features.at("tx-tcp-segmentation"));
}

TEST_F(LegOfALab, AnOffloadThatTheGuestRefusesIsUnsupported) {
  world.shell.guest("router").refuses = {{"wan", "large-receive-offload"}};
  EXPECT_EQ(refusal(), "router: wan did not take lro off");
  EXPECT_THAT(world.injection.asked, IsEmpty());
  EXPECT_TRUE(seen.samples.empty());
}

// Any other status is a lab that breaks, not a guest that lacks something.
TEST_F(LegOfALab, AnEthtoolThatFailsOtherwiseBreaksTheLeg) {
  world.shell.react("router", "ethtool -K", FakeNodeShell::ends_with(127, "sh: ethtool: not found"));
  EXPECT_EQ(error(), "settings of this case on router: exit status 127: sh: ethtool: not found");
}

// LRO that a virtio NIC has fixed off, and an offload that nobody has.
TEST_F(LegOfALab, AnOffloadThatIsFixedOrNotThereIsUnsupported) {
  const auto refusal_to = [&](const std::string& feature, std::optional<bool> wanted) {
    LegPlan leg = leg_of(fixed(), LegRole::measured);
    leg.steps = {step::ApplySettings{{step::NodeSettings{"client", {}, {{"lan", {{feature, wanted}}}}}}}};
    return refusal_of([&] { perform(fixed(), leg); });
  };
  EXPECT_EQ(refusal_to("large-receive-offload", true), "client's lan has lro fixed off");
  EXPECT_EQ(refusal_to("large-receive-offload", false), "");
  EXPECT_EQ(refusal_to("tx-magic", true), "client's lan has no offload 'tx-magic'");
  EXPECT_EQ(refusal_to("tx-magic", std::nullopt), "");
}

TEST_F(LegOfALab, FreebsdIsAskedInItsOwnWords) {
  LegPlan leg = leg_of(fixed(), LegRole::measured);
  step::NodeSettings settings{"router", {}, {{"wan", {{"large-receive-offload", false}}}}};
  settings.system = SystemKind::freebsd;
  leg.steps = {step::ApplySettings{{settings}}};
  world.shell.react("router", "ifconfig wan", FakeNodeShell::ends_with(1, "ifconfig: SIOCSIFCAP: Invalid argument"));
  EXPECT_THROW(perform(fixed(), leg), Error);
}

TEST_F(LegOfALab, ATapWithoutAHeaderIsUnsupportedAndTheOthersArePutBack) {
  world.taps.take_header("router-wan");
  EXPECT_EQ(refusal(),
            "tap router-wan has no segmentation header: QEMU's model of this NIC takes no coalesced packets");
  EXPECT_THAT(world.injection.asked, ElementsAre("router-lan", "router-lan"));
  expect_taps_put_back();
  EXPECT_TRUE(seen.samples.empty());
}

TEST_F(LegOfALab, ATapThatDoesNotTakeItsWordBackBreaksTheLeg) {
  after_the_transfer("router", [&] { world.taps.stick("router-wan"); });
  EXPECT_EQ(error(), "tap router-wan did not take its saved offloads back");
  EXPECT_EQ(world.taps.word("router-wan"), forced);
  EXPECT_EQ(world.taps.word("router-lan"), as_asked);
}

// What could not be put back is told beside what broke the leg; the other tap is put back.
TEST_F(LegOfALab, ATapThatCannotBePutBackAfterABreakIsANote) {
  world.shell.react("client", "iperf3 --client", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
    world.injection.fails_for = {"router-wan"};
    throw Error("the connection is lost");
  });
  EXPECT_EQ(error(), "ssh on client: the connection is lost");
  EXPECT_THAT(world.observer.notes(),
              ElementsAre("putting taps back: setting the offloads of router-wan: Bad file descriptor"));
  EXPECT_EQ(world.taps.word("router-lan"), as_asked);
}

TEST_F(LegOfALab, ABreakInTheTransferEndsTheCaptureAndPutsTapsBack) {
  world.shell.react("client", "iperf3 --client", FakeNodeShell::lost_connection());
  EXPECT_EQ(error(), "ssh on client: the connection is lost");
  EXPECT_EQ(world.observation.running, 0);
  EXPECT_THAT(seen.captures, SizeIs(2));
  EXPECT_THAT(seen.before.nodes, SizeIs(3));
  EXPECT_TRUE(seen.after.nodes.empty());
  expect_taps_put_back();
}

TEST_F(LegOfALab, ACaptureThatCannotBeginBreaksTheLeg) {
  world.observation.cannot_start = "capturing on router-lan: No buffer space available";
  EXPECT_EQ(error(), "capturing on router-lan: No buffer space available");
  expect_taps_put_back();
  EXPECT_TRUE(seen.captures.empty());
}

TEST_F(LegOfALab, ACaptureThatCannotBeEndedBreaksTheLeg) {
  world.observation.cannot_stop = "writing router-lan.pcapng: No space left on device";
  EXPECT_EQ(error(), "writing router-lan.pcapng: No space left on device");
  EXPECT_EQ(world.observation.running, 0);
  EXPECT_THAT(seen.after.nodes, SizeIs(3));
  EXPECT_FALSE(seen.stream);
  expect_taps_put_back();
}

TEST_F(LegOfALab, ACaptureThatCannotBeEndedAfterABreakIsANote) {
  world.shell.react("client", "iperf3 --client", FakeNodeShell::lost_connection());
  world.observation.cannot_stop = "writing router-lan.pcapng: No space left on device";
  EXPECT_EQ(error(), "ssh on client: the connection is lost");
  EXPECT_THAT(world.observer.notes(),
              ElementsAre("ending the capture: writing router-lan.pcapng: No space left on device"));
  EXPECT_EQ(world.observation.running, 0);
  expect_taps_put_back();
}

// The guest answers all else: nobody blames it.
TEST_F(LegOfALab, ASnapshotThatDoesNotComeBreaksTheLegAndLeavesWhatWasSeen) {
  world.shell.react("server", " -l ", world.shell.silence());
  EXPECT_EQ(error(), "ssh on server: counters of server: no answer within 20 s");
  EXPECT_EQ(seen.transfer.exit_status, 0);
  EXPECT_TRUE(seen.after.nodes.empty());
  EXPECT_THAT(seen.captures, SizeIs(2));
  expect_taps_put_back();
}

// The lab is as good as before: the next leg is carried out in it.
TEST_F(LegOfALab, ALabGoesOnAfterALegThatWasUnsupported) {
  world.shell.guest("router").refuses = {{"wan", "large-receive-offload"}};
  EXPECT_EQ(refusal(), "router: wan did not take lro off");
  world.shell.guest("router").refuses.clear();
  perform(fixed(), LegRole::measured);
  EXPECT_EQ(seen.transfer.exit_status, 0);
  EXPECT_FALSE(world.shell.guest("router").active("wan", "large-receive-offload"));
}

const RunPlan& merging_plan() {
  static const RunPlan plan =
      demo_plan_with({{"merging", {{"router.lro", "off"}, {"hypervisor.lro", "merge"}}, std::nullopt}});
  return plan;
}

// A router behind a vSwitch that merges what comes from the wire.
class LegWithAStage : public RunningDemoLab {
 protected:
  LegWithAStage() : RunningDemoLab(merging_plan().labs.at(0)) {}

  static const CasePlan& merging() { return merging_plan().labs.at(0).cases.at(0); }
};

TEST_F(LegWithAStage, MergesForItsTransferOnly) {
  std::set<std::string> meanwhile;
  world.shell.react("router", " -l ", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
    meanwhile = world.injection.merging;
    return std::nullopt;
  });
  perform(merging(), LegRole::measured);
  EXPECT_THAT(meanwhile, Contains("w-router-wan"));
  EXPECT_THAT(world.injection.merging, IsEmpty());
}

TEST_F(LegWithAStage, ABreakSwitchesMergingOff) {
  world.shell.react("client", "iperf3 --client", FakeNodeShell::lost_connection());
  EXPECT_EQ(error_of([&] { perform(merging(), LegRole::measured); }), "ssh on client: the connection is lost");
  EXPECT_THAT(world.injection.asked, Contains("w-router-wan"));
  EXPECT_THAT(world.injection.merging, IsEmpty());
}

TEST_F(LegWithAStage, ATapThatCannotBePutBackKeepsNoStageMerging) {
  world.shell.react("client", "iperf3 --client", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
    EXPECT_THAT(world.injection.merging, Contains("w-router-wan"));
    world.injection.fails_for = {"router-wan"};
    throw Error("the connection is lost");
  });
  EXPECT_EQ(error_of([&] { perform(merging(), LegRole::measured); }), "ssh on client: the connection is lost");
  EXPECT_THAT(world.observer.notes(), ElementsAre(HasSubstr("putting taps back: setting the offloads of router-wan")));
  EXPECT_THAT(world.injection.merging, IsEmpty());
}

TEST_F(LegWithAStage, AStageThatDoesNotMergeBreaksTheLeg) {
  world.injection.fails_for = {"w-router-wan"};
  EXPECT_EQ(error_of([&] { perform(merging(), LegRole::measured); }),
            "setting the offloads of w-router-wan: No such device");
  EXPECT_TRUE(seen.samples.empty());
}

const RunPlan& plan_with_reference() {
  static const RunPlan plan = [] {
    Scenario scenario = shipped_scenario("demo");
    scenario.measure.reference = true;
    return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
  }();
  return plan;
}

// The ends alone, then the routers between them again.
class LegWithoutTheRouter : public RunningDemoLab {
 protected:
  LegWithoutTheRouter() : RunningDemoLab(plan_with_reference().labs.at(0)) {
    world.clock.watch_no_longer();  // nobody samples the taps
    for (const char* node : {"client", "server"})
      world.shell.react(node, "4711", [this](const FakeNodeShell::Call& call) -> std::optional<CommandResult> {
        ways[call.node] += call.script;
        return std::nullopt;
      });
  }

  static const CasePlan& first_case() { return plan_with_reference().labs.at(0).cases.at(0); }
  static std::vector<std::pair<std::string, std::string>> there_and_back() {
    return {{"server-wan", "lan"}, {"server-wan", "wan"}};
  }

  std::map<std::string, std::string> ways;  // what each guest was asked to do about them
};

TEST_F(LegWithoutTheRouter, MovesTheSenderToTheReceiversLinkAndBack) {
  perform(first_case(), LegRole::reference);
  EXPECT_EQ(world.fabric.moves, there_and_back());
  EXPECT_EQ(seen.transfer.exit_status, 0);
  EXPECT_TRUE(seen.captures.empty());
  EXPECT_TRUE(seen.samples.empty());
  EXPECT_THAT(seen.after.nodes, SizeIs(3));
  for (const char* node : {"client", "server"}) {
    EXPECT_THAT(ways[node], HasSubstr("rule add")) << node;
    EXPECT_THAT(ways[node], HasSubstr("rule del")) << node;
  }
}

TEST_F(LegWithoutTheRouter, ABreakPutsTheRouterBack) {
  world.shell.react("client", "iperf3 --client", FakeNodeShell::lost_connection());
  EXPECT_EQ(error_of([&] { perform(first_case(), LegRole::reference); }), "ssh on client: the connection is lost");
  EXPECT_EQ(world.fabric.moves, there_and_back());
  EXPECT_THAT(ways["server"], HasSubstr("rule del"));
}

TEST_F(LegWithoutTheRouter, AWayThatCannotBeMadeBreaksTheLegAndPutsTheRouterBack) {
  world.shell.react("server", "rule add", FakeNodeShell::ends_with(2, "RTNETLINK answers: File exists"));
  EXPECT_THAT(error_of([&] { perform(first_case(), LegRole::reference); }), HasSubstr("File exists"));
  EXPECT_EQ(world.fabric.moves, there_and_back());
}

}  // namespace
}  // namespace offlab
