// What the sender of a background load told of itself.
#include "measure/background.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "folders.h"

namespace offlab {
namespace {

// As it printed it in a lab, in a storm.
const std::string in_a_storm =
    "listening\n{\"connections\": 100, \"seconds\": 8.264, \"written_bytes\": 4140000, \"sent_bytes\": 45639000, "
    "\"sent_frames\": 10616, \"payload_bytes\": 65270760, \"resent_bytes\": 63810760, \"acknowledged_bytes\": 527060, "
    "\"errors\": 9837, \"ignored_errors\": 0, \"timeouts\": 461, \"lost_frames\": 3203, \"end\": \"input\"}\n";

Flow beside(BackgroundSender sender) {
  Flow flow;
  flow.background.sender = sender;
  return flow;
}

const Flow bsd = beside(BackgroundSender::bsd);

std::string without(std::string text, const std::string& piece, const std::string& instead) {
  return text.replace(text.find(piece), piece.size(), instead);
}

TEST(MeasureBackground, ReadsTheReport) {
  std::string missing;
  const auto measured = measure_background(bsd, {in_a_storm, "", ""}, missing);
  EXPECT_EQ(missing, "");
  ASSERT_TRUE(measured);
  EXPECT_EQ(*measured, (BackgroundMeasurement{100, 8.264, 4140000, 45639000, 527060, 9837, 461}));
}

TEST(MeasureBackground, OneThatEndedByItselfIsMissing) {
  std::string missing;
  EXPECT_FALSE(measure_background(bsd, {without(in_a_storm, "\"input\"", "\"bytes\""), "", ""}, missing));
  EXPECT_EQ(missing, "the background load: it ended by itself (bytes)");
}

// As iperf3's two ends printed it in a lab.
BackgroundOutput of_iperf3(const std::string& kind) {
  const auto text = [&](const char* end) {
    std::ifstream file(source_folder() + "/tests/data/background/" + kind + "-" + end + ".txt");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  return {text("sender"), text("receiver"), ""};
}

const Flow udp = beside(BackgroundSender::udp);

TEST(MeasureBackground, ReadsBothReportsOfIperf3) {
  std::string missing;
  const auto measured = measure_background(udp, of_iperf3("udp"), missing);
  EXPECT_EQ(missing, "");
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->sent_bytes, 21494112U);
  EXPECT_EQ(measured->acknowledged_bytes, 20878712U);
  EXPECT_EQ(measured->datagrams, 14818U);
  EXPECT_EQ(measured->lost_datagrams, 399U);
  EXPECT_DOUBLE_EQ(measured->seconds, 3.435636) << "the client's";
  const auto tcp = measure_background(beside(BackgroundSender::tcp), of_iperf3("tcp"), missing);
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->sent_bytes, 20840448U);
  EXPECT_EQ(tcp->datagrams, 0U);
}

TEST(MeasureBackground, Iperf3ThatEndedByItselfIsMissing) {
  BackgroundOutput output = of_iperf3("udp");
  output.receiver = without(output.receiver, "\"error\":", "\"note\":");
  std::string missing;
  EXPECT_FALSE(measure_background(udp, output, missing));
  EXPECT_EQ(missing, "the background load: it ended by itself");
}

TEST(MeasureBackground, WhatAGuestSaysOfIperf3MayBeAnything) {
  const BackgroundOutput good = of_iperf3("udp");
  for (const auto& [piece, instead] : {std::pair("\"packets\":\t", "\"packets\":-"),
                                       {"\"bytes\":\t", "\"bytes\":1e300, \"b\":"},
                                       {"\"seconds\":\t", "\"seconds\":-"},
                                       {"\"sum_received\"", "\"sum_taken\""},
                                       {"{", "["}}) {
    BackgroundOutput output = good;
    const std::size_t sums = output.receiver.find("\"sum_sent\"");
    ASSERT_NE(sums, std::string::npos);
    std::string text = output.receiver.substr(sums);
    for (std::size_t at = 0; (at = text.find(piece, at)) != std::string::npos; at += std::string(instead).size())
      text.replace(at, std::string(piece).size(), instead);
    output.receiver = output.receiver.substr(0, sums) + text;
    std::string missing;
    EXPECT_FALSE(measure_background(udp, output, missing)) << instead;
    EXPECT_NE(missing, "") << instead;
  }
}

TEST(MeasureBackground, TroubleAndDamageAreMissing) {
  std::string missing;
  EXPECT_FALSE(measure_background(bsd, {in_a_storm, "", "server did not end"}, missing));
  EXPECT_EQ(missing, "the background load: server did not end");
  for (const std::string& text :
       {std::string(), std::string("listening\n"), std::string("{}"), without(in_a_storm, "100", "\"many\""),
        without(in_a_storm, "9837", "-1"), without(in_a_storm, "9837", "1e300"), without(in_a_storm, "8.264", "-1"),
        without(in_a_storm, "8.264", "\"x\""), without(in_a_storm, "}", "")}) {
    missing.clear();
    EXPECT_FALSE(measure_background(bsd, {text, "", ""}, missing)) << text;
    EXPECT_NE(missing, "") << text;
  }
}

}  // namespace
}  // namespace offlab
