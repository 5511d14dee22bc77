// iperf3's report, as the receiving side printed it.
#include "measure/iperf3.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

std::string report() {
  return recorded_leg("hypervisor-lro").seen.transfer.client_json;
}

TEST(ParseIperf3, ReadsTheIntervalsOfARealReport) {
  const Iperf3Result result = parse_iperf3(report(), 0.2);
  EXPECT_EQ(result.failure, "");
  ASSERT_EQ(result.intervals.size(), 10U);
  EXPECT_EQ(result.intervals[4], (IntervalGoodput{0.401344, 0.09995900094509125, 7416800.818239943, false}));
}

TEST(ParseIperf3, MarksIntervalsThatStartInTheWarmup) {
  const auto warm = [](double seconds) {
    std::size_t count = 0;
    for (const auto& interval : parse_iperf3(report(), seconds).intervals) count += interval.warmup ? 1 : 0;
    return count;
  };
  EXPECT_EQ(warm(0), 0U);
  EXPECT_EQ(warm(0.2), 2U);  // the third starts at 0.200986: iperf3 is never quite in time
  EXPECT_EQ(warm(1), 10U);
  EXPECT_TRUE(parse_iperf3(report(), 0.2).intervals[1].warmup);
}

TEST(ParseIperf3, KeepsTheIntervalsOfATransferThatFailed) {
  const std::string failed =
      replaced(report(), "\"end\":\t{\n", "\"error\":\t\"control socket has closed unexpectedly\",\n\t\"end\":\t{\n");
  const Iperf3Result result = parse_iperf3(failed, 0.2);
  EXPECT_EQ(result.failure, "control socket has closed unexpectedly");
  EXPECT_EQ(result.intervals.size(), 10U);
}

// As a signal leaves it that comes while the report is printed: broken off within a name, then all of it.
TEST(ParseIperf3, ReadsAReportThatWasBegunTwice) {
  const std::string whole = report();
  const Iperf3Result result = parse_iperf3(whole.substr(0, whole.rfind("\"omitted") + 8) + whole, 0.2);
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(result.intervals, parse_iperf3(whole, 0.2).intervals);
}

TEST(ParseIperf3, SaysWhenAReportWasCut) {
  const std::string whole = report();
  for (std::size_t size = 0; size + 2 < whole.size(); size += 61)  // the last two bytes are "}\n"
    EXPECT_EQ(parse_iperf3(whole.substr(0, size), 0.2).failure.rfind("iperf3 printed no report: ", 0), 0U) << size;
}

TEST(ParseIperf3, SaysWhenThereIsNoInterval) {
  EXPECT_EQ(parse_iperf3("{\"intervals\": []}", 0).failure, "iperf3 reported no interval");
  EXPECT_NE(parse_iperf3("{}", 0).failure, "");
  EXPECT_NE(parse_iperf3("[]", 0).failure, "");
  EXPECT_NE(parse_iperf3("iperf3: error - unable to connect to server\n", 0).failure, "");
}

TEST(ParseIperf3, SurvivesValuesOfTheWrongType) {
  for (const char* text : {"{\"intervals\": 7}", "{\"intervals\": [7]}", "{\"intervals\": [{\"sum\": []}]}",
                           "{\"intervals\": [{\"sum\": {\"start\": \"0\", \"seconds\": 1, \"bits_per_second\": 1}}]}",
                           "{\"intervals\": [], \"error\": 7}"})
    EXPECT_NE(parse_iperf3(text, 0).failure, "") << text;
}

// A report as iperf3 3.12 prints it after SIGTERM: all that a whole one has, and this error.
std::string ended_report() {
  return replaced(report(), "\"end\":\t{\n", "\"error\":\t\"interrupt - the client has terminated\",\n\t\"end\":\t{\n");
}

LegIntent with_warmup(double seconds) {
  LegIntent intent;
  intent.warmup_seconds = seconds;
  return intent;
}

TEST(ReadIperf3, ATransferThatWeEndedIsNoFailure) {
  const Iperf3Result result = read_iperf3(with_warmup(0.2), {ended_report(), "", 1, TransferEnd::enough, 2});
  EXPECT_EQ(result.failure, "");
  EXPECT_TRUE(result.ended_early);
  EXPECT_EQ(result.intervals.size(), 9U);  // without what was left when the signal came
  EXPECT_TRUE(result.intervals[1].warmup);
}

// Seen: the signal came while an interval was gathered; it is empty, and another one comes after it.
TEST(ReadIperf3, AnIntervalThatTheSignalCutEndsTheReport) {
  auto document = nlohmann::json::parse(ended_report());
  document["intervals"][8] = {{"streams", nlohmann::json::array()}};
  EXPECT_EQ(read_iperf3(with_warmup(0.2), {document.dump(), "", 1, TransferEnd::enough, 2}).intervals.size(), 7U);
  document["error"] = "another";
  EXPECT_NE(parse_iperf3(document.dump(), 0.2).failure.find("printed no report"), std::string::npos);
  document["error"] = "interrupt - the client has terminated";
  document["intervals"] = nlohmann::json::array();
  EXPECT_NE(read_iperf3(with_warmup(0.2), {document.dump(), "", 1, TransferEnd::storm, 2}).failure, "");
}

// As a server printed it in a lab.
TEST(ReadIperf3, AnErrorOfTheSocketBehindItIsNoOther) {
  const std::string closed = replaced(report(), "\"end\":\t{\n",
                                      "\"error\":\t\"the client has terminated\",\n\t\"error\":\t\"getsockopt - Bad "
                                      "file descriptor\",\n\t\"end\":\t{\n");
  const Iperf3Result result = read_iperf3(with_warmup(0.2), {closed, "", 1, TransferEnd::enough, 2});
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(result.intervals.size(), 9U);
}

TEST(ReadIperf3, OneThatSomebodyElseEndedIsOne) {
  const Iperf3Result result = read_iperf3(with_warmup(0.2), {ended_report(), "", 1, TransferEnd::full_time, 2});
  EXPECT_EQ(result.failure, "interrupt - the client has terminated");
  EXPECT_FALSE(result.ended_early);
}

TEST(ReadIperf3, AnotherErrorStaysOne) {
  const std::string failed = replaced(ended_report(), "interrupt - the client has terminated", "unable to receive");
  EXPECT_EQ(read_iperf3(with_warmup(0.2), {failed, "", 1, TransferEnd::storm, 1}).failure, "unable to receive");
}

TEST(ReadIperf3, WhatIsBrokenHasNoWarmup) {
  for (const TransferEnd end : {TransferEnd::storm, TransferEnd::stalled})
    EXPECT_FALSE(read_iperf3(with_warmup(0.2), {ended_report(), "", 1, end, 1}).intervals.at(0).warmup);
}

TEST(GoodputOf, WeighsIntervalsByTheirLength) {
  EXPECT_DOUBLE_EQ(*goodput_of({{0, 1, 100, false}, {1, 3, 200, false}}), 175);
}

TEST(GoodputOf, CutsTheWarmup) {
  EXPECT_DOUBLE_EQ(*goodput_of({{0, 1, 100, true}, {1, 1, 200, false}}), 200);
}

TEST(GoodputOf, IsAbsentWithoutAnIntervalAfterTheWarmup) {
  EXPECT_EQ(goodput_of({}), std::nullopt);
  EXPECT_EQ(goodput_of({{0, 1, 100, true}}), std::nullopt);
  EXPECT_EQ(goodput_of({{0, 0, 100, false}}), std::nullopt);
}

}  // namespace
}  // namespace offlab
