// A leg's observations as text files.
#include "record/leg_files.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

const LegObservation& seen() {
  return recorded_leg("hypervisor-lro").seen;
}

TEST(SamplesCsv, IsReadBackAsWritten) {
  ASSERT_FALSE(seen().samples.empty());
  EXPECT_EQ(samples_from_csv(samples_to_csv(seen().samples)), seen().samples);
  EXPECT_EQ(samples_from_csv(samples_to_csv({})), std::vector<TapSample>{});
}

TEST(SamplesCsv, HasALineForEachSample) {
  EXPECT_EQ(samples_to_csv({{0.1, "router-wan", 1, 18'446'744'073'709'551'615U, true}, {0.25, "x", 0, 0, false}}),
            "seconds,tap,rx_bytes,tx_bytes,tso4\n0.100000,router-wan,1,18446744073709551615,1\n0.250000,x,0,0,0\n");
}

TEST(SamplesCsv, RefusesDamage) {
  const std::string header = "seconds,tap,rx_bytes,tx_bytes,tso4\n";
  for (const std::string& text : {std::string(), std::string("0.1,router-wan,1,2,1\n"), header + "\n", header + "0.1\n",
                                  header + "0.1,router-wan,1,2\n", header + "now,router-wan,1,2,1\n",
                                  header + "0.1,router-wan,1,99999999999999999999999,1\n"})
    EXPECT_THROW(samples_from_csv(text), Error) << text;
}

TEST(TapsJson, IsReadBackAsWritten) {
  ASSERT_EQ(seen().before.taps.size(), 4U);
  EXPECT_EQ(taps_from_json(taps_to_json(seen().before.taps)), seen().before.taps);
}

TEST(TapsJson, RefusesDamage) {
  for (const char* text : {"", "7", "[]x", R"({"router-wan": 7})", R"({"router-wan": {"features": {}, "mtu": 1500}})",
                           R"({"router-wan": {"features": {"a": "on"}, "mtu": 1500, "tun_flags": 0}})"})
    EXPECT_THROW(taps_from_json(text), Error) << text;
}

TEST(TransferJson, IsReadBackAsWritten) {
  for (const TransferEnd end :
       {TransferEnd::full_time, TransferEnd::enough, TransferEnd::storm, TransferEnd::stalled}) {
    LegObservation written;
    written.transfer.exit_status = 1;
    written.transfer.end = end;
    written.transfer.traffic_seconds = 1.25;
    written.cpu_seconds = {{"router", 2.5}};
    LegObservation read;
    transfer_from_json(transfer_to_json(written), read);
    EXPECT_EQ(read, written);
  }
}

TEST(TransferJson, OfAnEarlierVersionTookItsWholeTime) {
  LegObservation read;
  transfer_from_json(R"({"exit_status": 0})", read);
  LegObservation expected;
  expected.transfer.exit_status = 0;
  EXPECT_EQ(read, expected);
}

TEST(TransferJson, RefusesDamage) {
  for (const char* text : {"", "[7]", R"({"exit_status": "0"})", R"({"exit_status": 0, "end": "bored"})",
                           R"({"exit_status": 0, "end": 7})", R"({"exit_status": 0, "cpu_seconds": [1]})"}) {
    LegObservation read;
    EXPECT_THROW(transfer_from_json(text, read), Error) << text;
  }
}

TEST(StreamJson, IsReadBackAsWritten) {
  const StreamOutput stream{1000, 400, std::string(64, 'a'), "", "400 of 1000 bytes in 0.8 s"};
  EXPECT_EQ(stream_from_json(stream_to_json(stream)), stream);
}

TEST(StreamJson, RefusesDamage) {
  for (const char* text : {"", "7", R"({"asked_bytes": 1000})"}) EXPECT_THROW(stream_from_json(text), Error) << text;
}

TEST(BackgroundJson, IsReadBackAsWritten) {
  const BackgroundOutput background{"listening\n{}\n", "connected\n", "server did not end"};
  EXPECT_EQ(background_from_json(background_to_json(background)), background);
}

TEST(BackgroundJson, RefusesDamage) {
  for (const char* text : {"", "7", R"({"sender": 7})"}) EXPECT_THROW(background_from_json(text), Error) << text;
}

TEST(CapturesJson, IsReadBackAsWritten) {
  ASSERT_EQ(seen().captures.size(), 2U);
  EXPECT_EQ(captures_from_json(captures_to_json(seen().captures)), seen().captures);
  EXPECT_EQ(seen().captures[0],
            (CaptureStatistics{{"router-wan", "", CaptureSide::host}, "router-wan.pcapng", 309, 0, 0}));
}

TEST(CapturesJson, KeepsThePoint) {
  const std::vector<CaptureStatistics> captures = {
      {.point = {"router-wan-inside", "router", CaptureSide::guest}, .file = "router-wan-inside.pcapng"}};
  EXPECT_EQ(captures_from_json(captures_to_json(captures)), captures);
}

TEST(CapturesJson, RefusesDamage) {
  for (const char* text : {"", "7", R"([7])", R"([{"point": "a", "file": "b", "frames": 1, "dropped": 0}])",
                           R"([{"point": "a", "side": "top", "file": "b", "frames": 1, "dropped": 0, "beyond_limit": 0,
                                "full_ns": null}])"})
    EXPECT_THROW(captures_from_json(text), Error) << text;
}

}  // namespace
}  // namespace offlab
