// A leg of which something is missing: the number stays absent, and what is missing is named.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/error.h"
#include "measure/measure_leg.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

RecordedLeg healthy() {
  return recorded_leg("control-lro-on");
}

bool names(const LegMeasurements& leg, const std::string& what) {
  return std::find(leg.missing.begin(), leg.missing.end(), what) != leg.missing.end();
}

TEST(MissingEvidence, NoCounterFileGivesNoCount) {
  RecordedLeg leg = healthy();
  auto& router = leg.seen.after.nodes.at("router");
  router = without_section(router, "/proc/net/snmp");
  const LegMeasurements seen = leg.measure();
  EXPECT_EQ(seen.frag_fails, std::nullopt);
  EXPECT_EQ(seen.frag_needed_router, std::nullopt);
  EXPECT_EQ(seen.frag_oks, std::nullopt);
  EXPECT_EQ(seen.frag_creates, std::nullopt);
  EXPECT_EQ(seen.frag_needed_sender, 0U);
  EXPECT_EQ(seen.missing, (Lines{"Ip.FragFails of router", "IcmpMsg.OutType3 of router", "Ip.FragOKs of router",
                                 "Ip.FragCreates of router"}));
}

TEST(MissingEvidence, ACounterThatWentBackwardsGivesNoCount) {
  RecordedLeg leg = healthy();
  std::swap(leg.seen.before.nodes.at("server"), leg.seen.after.nodes.at("server"));
  const LegMeasurements seen = leg.measure();
  EXPECT_EQ(seen.sent_segments, std::nullopt);
  EXPECT_TRUE(names(seen, "Tcp.OutSegs of server"));
}

TEST(MissingEvidence, ANodeThatSaidNothingGivesNoCount) {
  RecordedLeg leg = healthy();
  leg.seen.before.nodes.erase("client");
  const LegMeasurements seen = leg.measure();
  EXPECT_EQ(seen.reassembly_requests, std::nullopt);
  EXPECT_EQ(seen.checksum_errors, std::nullopt);
  EXPECT_TRUE(names(seen, "Ip.ReasmReqds of client"));
  EXPECT_TRUE(names(seen, "mtu lan of client before the transfer"));
}

TEST(MissingEvidence, ASnapshotThatWasCutGivesNoKernelLog) {
  RecordedLeg leg = healthy();
  auto& router = leg.seen.after.nodes.at("router");
  router = replaced(router, "==> end <==", "");
  const LegMeasurements seen = leg.measure();
  EXPECT_FALSE(seen.kernel_logs_read);
  EXPECT_TRUE(names(seen, "kernel log of router"));
}

TEST(MissingEvidence, AKernelLogThatLostItsBeginningWasNotRead) {
  RecordedLeg leg = healthy();
  auto& client = leg.seen.after.nodes.at("client");
  client = replaced(client, "offlab: begin", "something else");
  const LegMeasurements seen = leg.measure();
  EXPECT_FALSE(seen.kernel_logs_read);
  EXPECT_TRUE(names(seen, "kernel log of client"));
}

TEST(MissingEvidence, NoKernelLogOfOneNodeIsNotAllLogsRead) {
  RecordedLeg leg = healthy();
  leg.seen.after.nodes.erase("client");
  EXPECT_FALSE(leg.measure().kernel_logs_read);
}

TEST(MissingEvidence, NoSnapshotIsNoKernelLog) {
  RecordedLeg leg = healthy();
  leg.seen.after = {};
  const LegMeasurements seen = leg.measure();
  EXPECT_FALSE(seen.kernel_logs_read);
  EXPECT_EQ(seen.frag_fails, std::nullopt);
  EXPECT_TRUE(names(seen, "state of tap router-wan after the transfer"));
}

TEST(MissingEvidence, AComplaintIsFoundInAnyNodesLog) {
  RecordedLeg leg = healthy();
  auto& server = leg.seen.after.nodes.at("server");
  server = replaced(server, "\n==> end <==", "\n[   12.5] wan: hw csum failure\n==> end <==");
  EXPECT_EQ(leg.measure().kernel_complaints, Lines{"server: [   12.5] wan: hw csum failure"});
}

TEST(MissingEvidence, NoCaptureGivesNoCaptureNumbers) {
  const RecordedLeg leg = healthy();
  FrameList frames(leg.egress);
  const LegMeasurements seen = measure_leg(leg.intent, 0, leg.seen, {nullptr, &frames, nullptr});
  EXPECT_EQ(seen.capture, std::nullopt);
  EXPECT_EQ(seen.missing, Lines{"captures"});
  FrameList others(leg.ingress);
  EXPECT_EQ(measure_leg(leg.intent, 0, leg.seen, {&others, nullptr, nullptr}).capture, std::nullopt);
}

class DamagedFile : public FrameSource {
 public:
  bool next(Frame&) override { throw Error("router-wan.pcapng ends inside a block"); }
};

TEST(MissingEvidence, ADamagedCaptureGivesNoCaptureNumbers) {
  const RecordedLeg leg = healthy();
  FrameList frames(leg.ingress);
  DamagedFile damaged;
  const LegMeasurements seen = measure_leg(leg.intent, 0, leg.seen, {&frames, &damaged, nullptr});
  EXPECT_EQ(seen.capture, std::nullopt);
  EXPECT_EQ(seen.missing, Lines{"captures: router-wan.pcapng ends inside a block"});
}

TEST(MissingEvidence, AClockThatWasSetGivesNoCaptureNumbers) {
  RecordedLeg leg = healthy();
  leg.seen.captures.at(0).clock_step_ns = -3'200'000'000;
  const LegMeasurements seen = leg.measure();
  EXPECT_FALSE(seen.capture);
  EXPECT_TRUE(names(seen, "captures: the clock that dates them was set by -3.2 s meanwhile"));
  leg.seen.captures.at(0).clock_step_ns = 2'000'000;
  EXPECT_TRUE(leg.measure().capture) << "NTP slews a clock all the time";
}

TEST(MissingEvidence, FramesThatGoBackInTimeGiveNoCaptureNumbers) {
  RecordedLeg leg = healthy();
  for (std::size_t i = 40; i < leg.ingress.size(); ++i) leg.ingress[i].frame.time_ns -= 1'000'000'000;
  const LegMeasurements seen = leg.measure();
  EXPECT_FALSE(seen.capture);
  EXPECT_TRUE(std::any_of(seen.missing.begin(), seen.missing.end(), [](const std::string& line) {
    return line.rfind("captures: the clock goes back by 1.0 s at frame 41", 0) == 0;
  }));
}

TEST(MissingEvidence, FramesThatTheRingLostAreCountedOverBothFiles) {
  RecordedLeg leg = healthy();
  leg.seen.captures.at(0).dropped = 3;
  leg.seen.captures.at(1).dropped = 4;
  EXPECT_EQ(leg.measure().capture_drops, 7U);
}

TEST(MissingEvidence, ATransferThatFailedHasNoGoodput) {
  RecordedLeg leg = healthy();
  leg.seen.transfer.exit_status = 1;
  LegMeasurements seen = leg.measure();
  EXPECT_EQ(seen.goodput_bps, std::nullopt);
  EXPECT_EQ(seen.transfer_failure, "iperf3 exited with status 1");
  EXPECT_EQ(seen.missing, Lines{"goodput"});
  leg.seen.transfer.client_json = "";
  seen = leg.measure();
  EXPECT_EQ(seen.goodput_bps, std::nullopt);
  EXPECT_NE(seen.transfer_failure, "iperf3 exited with status 1");
}

TEST(MissingEvidence, OneSampleIsNoRate) {
  RecordedLeg leg = healthy();
  leg.seen.samples.resize(2);
  EXPECT_EQ(leg.measure().uplink_bps, std::nullopt);
  leg.seen.samples.clear();
  EXPECT_EQ(leg.measure().uplink_bps, std::nullopt);
}

TEST(MissingEvidence, ATapCounterThatWentBackwardsIsNoRate) {
  RecordedLeg leg = healthy();
  leg.seen.samples.back().tx_bytes = 0;
  EXPECT_EQ(leg.measure().uplink_bps, std::nullopt);
}

TEST(MissingEvidence, AnEmptyLegHasNoNumberAtAll) {
  const LegMeasurements seen = measure_leg(healthy().intent, 0, {}, {});
  for (const Count& count : {seen.frag_fails, seen.frag_needed_router, seen.frag_needed_sender, seen.frag_oks,
                             seen.frag_creates, seen.reassembly_requests, seen.retransmitted_segments,
                             seen.sent_segments, seen.checksum_errors, seen.dropped_by_receiver})
    EXPECT_EQ(count, std::nullopt);
  EXPECT_EQ(seen.goodput_bps, std::nullopt);
  EXPECT_EQ(seen.uplink_bps, std::nullopt);
  EXPECT_EQ(seen.ingress_lro, std::nullopt);
  EXPECT_EQ(seen.capture, std::nullopt);
  EXPECT_FALSE(seen.kernel_logs_read);
  EXPECT_GT(seen.missing.size(), 10U);
}

}  // namespace
}  // namespace offlab
