// What the sender of a background load told of itself.
#include "measure/background.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

// As it printed it in a lab, in a storm.
const std::string in_a_storm =
    "listening\n{\"connections\": 100, \"seconds\": 8.264, \"written_bytes\": 4140000, \"sent_bytes\": 45639000, "
    "\"sent_frames\": 10616, \"payload_bytes\": 65270760, \"resent_bytes\": 63810760, \"acknowledged_bytes\": 527060, "
    "\"errors\": 9837, \"ignored_errors\": 0, \"timeouts\": 461, \"lost_frames\": 3203, \"end\": \"input\"}\n";

const Background bsd{BackgroundSender::bsd};

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
