// Transfers that fail, hang, or are ended: what is kept of them.
#include "lab/transfer_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"
#include "measure/iperf3.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

// What iperf3 says when it cannot reach its server is on its stdout, in JSON; what its shell says is not.
constexpr const char* not_found = "sh: iperf3: not found\n";

class TransferOfALab : public RunningDemoLab {
 protected:
  const LegPlan& leg() const { return leg_of(broken(), LegRole::measured); }
  // Nothing ends it early; or a storm and a stall do, but not that its rate is known.
  LegPlan whole_leg() const {
    LegPlan leg = this->leg();
    leg.intent.early_stop = false;
    return leg;
  }
  LegPlan later_round() const {
    LegPlan leg = this->leg();
    leg.round = 2;
    return leg;
  }
  std::string error() {
    return error_of([&] { perform(broken(), LegRole::measured); });
  }
  std::string failure() const { return read_iperf3(leg().intent, seen.transfer).failure; }
};

// The same, as an upload of a client behind a firewall.
LegPlan pushed(LegPlan leg) {
  leg.intent.flow.sender_connects = true;
  for (Step& step : leg.steps)
    if (auto* transfer = std::get_if<step::Transfer>(&step)) {
      transfer->sender_connects = true;
      transfer->address = leg.intent.destination;
      transfer->port = transfer->listening_port = 5211;
    }
  return leg;
}

TEST_F(TransferOfALab, WhereTheSenderConnectsTheReceiversReportCounts) {
  const std::string report = world.shell.transfer.report;
  world.shell.transfer.report = "the sender's own";
  std::string listener;
  world.shell.react("client", "iperf3 --server", [&](const FakeNodeShell::Call& call) {
    listener = call.script;
    return CommandResult{0, "listening\n" + report, ""};
  });
  perform(broken(), pushed(whole_leg()));
  EXPECT_EQ(seen.transfer.client_json, report);
  EXPECT_EQ(failure(), "");
  EXPECT_NE(listener.find("--one-off --port 5211"), std::string::npos) << listener;
  EXPECT_NE(listener.find(":145B"), std::string::npos) << listener;  // 5211, as /proc/net/tcp has it
}

TEST_F(TransferOfALab, AListenerThatDoesNotStartIsAnError) {
  world.shell.react("client", "iperf3 --server", FakeNodeShell::ends_with(1, "Address already in use"));
  EXPECT_EQ(error_of([&] { perform(broken(), pushed(whole_leg())); }),
            "iperf3's server on client did not start: client: exit status 1 Address already in use");
}

// What the client says is all there is.
TEST_F(TransferOfALab, AListenerWithoutAReportLeavesTheSenders) {
  world.shell.react("client", "iperf3 --server", [](const FakeNodeShell::Call&) {
    return CommandResult{1, "listening\n", ""};
  });
  world.shell.transfer = {"{\"error\": \"unable to connect\"}", "", 1, {}};
  perform(broken(), pushed(whole_leg()));
  EXPECT_EQ(seen.transfer.client_json, "{\"error\": \"unable to connect\"}");
}

TEST_F(TransferOfALab, IsLookedAtTenTimesASecond) {
  perform(broken(), whole_leg());
  EXPECT_THAT(seen.samples, SizeIs(60));  // two taps, three seconds
  EXPECT_EQ(seen.transfer.end, TransferEnd::full_time);
  EXPECT_EQ(failure(), "");
  EXPECT_NEAR(seen.cpu_seconds.at("router"), 1.5, 0.01);
}

TEST_F(TransferOfALab, TellsTheRatesOfEachHalfSecondAndTheErrorsSoFar) {
  world.traffic.rates = {12.5e6, 5e6, 8};
  perform(broken(), whole_leg());
  const auto told = world.observer.all<event::TransferProgress>();
  ASSERT_THAT(told, SizeIs(6));  // in three seconds
  EXPECT_EQ(told[0].passed_bps, 0);
  EXPECT_EQ(told[0].bogus_errors, 0U);
  EXPECT_NEAR(told[3].seconds, 1.5, 0.01);
  EXPECT_NEAR(told[3].uplink_bps, 100e6, 1e6);
  EXPECT_NEAR(told[3].passed_bps.value(), 40e6, 1e6);
  EXPECT_EQ(told[3].bogus_errors, 12U);
}

// That the client failed is something that was seen; the leg goes on to its snapshot.
TEST_F(TransferOfALab, AClientThatDoesNotStartIsRecorded) {
  world.shell.react("client", "iperf3 --client", FakeNodeShell::ends_with(127, not_found));
  perform(broken(), LegRole::measured);
  EXPECT_EQ(seen.transfer.exit_status, 127);
  EXPECT_EQ(seen.transfer.client_stderr, not_found);
  EXPECT_EQ(seen.transfer.client_json, "");
  EXPECT_EQ(seen.transfer.end, TransferEnd::full_time);
  EXPECT_EQ(seen.transfer.traffic_seconds, 0);
  EXPECT_THAT(seen.after.nodes, SizeIs(3));
  EXPECT_THAT(failure(), StartsWith("iperf3 printed no report: "));
}

TEST_F(TransferOfALab, AReportThatDoesNotComeIsAFailureThoughIperf3SaysNothing) {
  world.shell.transfer.report = "";
  perform(broken(), whole_leg());
  EXPECT_EQ(seen.transfer.exit_status, 0);
  EXPECT_EQ(seen.transfer.client_json, "");
  EXPECT_NEAR(seen.transfer.traffic_seconds, 2.8, 0.11);
  EXPECT_THAT(failure(), StartsWith("iperf3 printed no report: "));
}

// Though it was asked to end.
TEST_F(TransferOfALab, OneThatHangsRunsIntoItsDeadlineAndKeepsItsSamples) {
  world.shell.transfer.hangs = true;
  EXPECT_EQ(error_of([&] { perform(broken(), whole_leg()); }),
            "ssh on client: transfer from server to client: no answer within 18 s");
  EXPECT_THAT(seen.samples, SizeIs(2 * 181));
  TransferOutput asked_to_end;
  asked_to_end.end = TransferEnd::stalled;
  EXPECT_EQ(seen.transfer, asked_to_end);
  EXPECT_THAT(seen.captures, SizeIs(2));
}

TEST_F(TransferOfALab, AGuestAtItsEndThatDiesIsNamed) {
  world.clock.hold("transfer");
  world.clock.after(milliseconds(1050), [&] { world.hypervisor.end("server", GuestEnd::gone); });
  EXPECT_THAT(error(), StartsWith("guest 'server' ended: its QEMU process is gone during case 'broken', case; "));
  EXPECT_THAT(seen.samples, SizeIs(22));  // at 0.0, 0.1 ... 1.0 s
  EXPECT_THAT(seen.captures, SizeIs(2));
  EXPECT_EQ(world.taps.word("router-wan"), (OffloadWord{true, false, false}));
}

TEST_F(TransferOfALab, GoesOnWhenItCannotBeLookedAt) {
  world.observation.cannot_sample = "counters of router-lan: No such device";
  perform(broken(), LegRole::measured);
  EXPECT_THAT(world.observer.notes(), ElementsAre("sampling ended: counters of router-lan: No such device"));
  EXPECT_THAT(seen.samples, IsEmpty());
  EXPECT_EQ(failure(), "");
}

TEST_F(TransferOfALab, GoesOnWhenNobodyKnowsItsProcessorTime) {
  world.hypervisor.no_cpu_time = "reading /proc/41/stat: No such process";
  perform(broken(), LegRole::measured);
  EXPECT_THAT(seen.cpu_seconds, IsEmpty());
  EXPECT_THAT(world.observer.notes(), SizeIs(2));  // before it, and after it
  EXPECT_EQ(world.observer.notes().front(), "reading /proc/41/stat: No such process");
  EXPECT_EQ(failure(), "");
}

class EarlyEnd : public TransferOfALab {
 protected:
  EarlyEnd() {
    world.play(Recording::storm);
    world.traffic.rates = {12.5e6, 1e6, 50};
  }
};

TEST_F(EarlyEnd, AStormEndsTheTransferAfterASecond) {
  perform(broken(), LegRole::measured);
  EXPECT_EQ(seen.transfer.end, TransferEnd::storm);
  EXPECT_NEAR(seen.transfer.traffic_seconds, 1.0, 0.11);
  EXPECT_LT(seen.samples.size(), 30U);
}

// iperf3 that is told to end while it prints dies without a report; what the host saw is there.
TEST_F(EarlyEnd, OneThatLeavesNoReportIsRecorded) {
  world.shell.transfer.when_told_to_end = CommandResult{143, "", ""};
  perform(broken(), LegRole::measured);
  EXPECT_EQ(seen.transfer.end, TransferEnd::storm);
  EXPECT_EQ(seen.transfer.exit_status, 143);
  EXPECT_EQ(seen.transfer.client_json, "");
  EXPECT_NEAR(seen.transfer.traffic_seconds, 1.0, 0.11);
  EXPECT_THAT(failure(), StartsWith("iperf3 printed no report: "));
  EXPECT_THAT(seen.after.nodes, SizeIs(3));
}

TEST_F(EarlyEnd, AClientThatDoesNotHeedItRunsIntoTheDeadline) {
  world.shell.transfer.hangs = true;
  const double begin = world.clock.seconds();
  EXPECT_EQ(error(), "ssh on client: transfer from server to client: no answer within 18 s");
  EXPECT_NEAR(world.clock.seconds() - begin, 18, 0.1);
  EXPECT_THAT(seen.samples, SizeIs(2 * 181));
  EXPECT_EQ(seen.transfer.end, TransferEnd::storm);
  EXPECT_EQ(seen.transfer.exit_status, -1);
  EXPECT_EQ(world.observation.running, 0);
  EXPECT_EQ(world.taps.word("router-wan"), (OffloadWord{true, false, false}));
}

// It would meet iperf3 in the middle of its report.
TEST_F(EarlyEnd, IsNoneInTheLastHalfSecond) {
  world.traffic.rates = {12.5e6, 1e6, 0};
  world.clock.hold("transfer");  // what happens then does not move the time before it begins
  world.clock.after(milliseconds(2550), [&] { world.traffic.change({12.5e6, 1e6, 1000}); });
  perform(broken(), later_round());
  EXPECT_EQ(seen.transfer.end, TransferEnd::full_time);
  EXPECT_THAT(seen.samples, SizeIs(60));
}

// A stall is told by what the control of the same case carried.
TEST_F(EarlyEnd, AStallIsMeasuredByTheControlOfTheSameCase) {
  world.traffic.rates = {12.5e6, 12.5e6, 0};
  perform(broken(), LegRole::control);
  world.traffic.rates = {1e5, 0, 0};
  perform(fixed(), LegRole::measured);
  EXPECT_EQ(seen.transfer.end, TransferEnd::full_time);
  perform(broken(), LegRole::control);
  EXPECT_EQ(seen.transfer.end, TransferEnd::full_time) << "a control is never ended because it stalls";
  world.traffic.rates = {12.5e6, 12.5e6, 0};
  perform(broken(), LegRole::control);
  world.traffic.rates = {1e5, 0, 0};
  perform(broken(), LegRole::measured);
  EXPECT_EQ(seen.transfer.end, TransferEnd::stalled);
}

}  // namespace
}  // namespace offlab
