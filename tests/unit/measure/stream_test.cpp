// The fixed-byte transfer: complete, equal, or neither.
#include "measure/stream.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

const std::string digest(64, 'a');
const std::string other(64, 'b');

TEST(MeasureStream, IsEqualWhenEverythingArrivedAsItWas) {
  const StreamMeasurement stream = measure_stream({1000, 1000, digest, digest, ""});
  EXPECT_TRUE(stream.complete);
  EXPECT_TRUE(stream.equal);
  EXPECT_EQ(stream.bytes, 1000U);
}

TEST(MeasureStream, ADifferenceIsOneOfACompleteStreamOnly) {
  EXPECT_TRUE(measure_stream({1000, 1000, digest, other, ""}).complete);
  EXPECT_FALSE(measure_stream({1000, 1000, digest, other, ""}).equal);
  const StreamMeasurement part = measure_stream({1000, 400, digest, other, ""});
  EXPECT_FALSE(part.complete);
  EXPECT_EQ(part.trouble, "400 of 1000 bytes");
}

TEST(MeasureStream, MoreBytesThanWereSentAreADifference) {
  EXPECT_TRUE(measure_stream({1000, 1448, digest, other, ""}).complete);
  EXPECT_FALSE(measure_stream({1000, 1448, digest, digest, ""}).equal);
}

TEST(MeasureStream, IsIncompleteWithoutADigest) {
  EXPECT_EQ(measure_stream({1000, 1000, "", digest, ""}).trouble, "a digest is missing");
  EXPECT_EQ(measure_stream({1000, 1000, digest, "", ""}).trouble, "a digest is missing");
  EXPECT_EQ(measure_stream({0, 0, digest, digest, ""}).trouble, "nothing was asked for");
}

TEST(MeasureStream, KeepsTheTroubleOfTheTransfer) {
  EXPECT_EQ(measure_stream({1000, 1000, digest, digest, "lost"}).trouble, "lost");
  EXPECT_FALSE(measure_stream({1000, 1000, digest, digest, "lost"}).complete);
}

}  // namespace
}  // namespace offlab
