// Sizes, rates and durations in the words of a topology file.
#include "base/units.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(ParseByteCount, KnowsDecimalAndBinaryPrefixes) {
  const std::vector<std::pair<const char*, std::uint64_t>> sizes = {
      {"1000", 1000},
      {"7b", 7},
      {"2k", 2000},
      {"1.5kB", 1500},
      {"64MB", 64'000'000},
      {"3m", 3'000'000},
      {"2GB", 2'000'000'000},
      {"512 KiB", 524'288},
      {"1MiB", 1'048'576},
      {"0.5GiB", 536'870'912},
      {"0", 0},
  };
  for (const auto& [text, bytes] : sizes) EXPECT_EQ(parse_byte_count(text), ByteCount{bytes}) << text;
}

TEST(ParseByteCount, PassesOverCaseAndSpaces) {
  EXPECT_EQ(parse_byte_count("  64 mb "), ByteCount{64'000'000});
  EXPECT_EQ(parse_byte_count("512kIb"), ByteCount{524'288});
}

TEST(ParseByteCount, RefusesWhatIsNoSize) {
  for (const char* text :
       {"", " ", "MB", "-1", "64XB", "64MBs", "64MB 3", "1 2", "0x10", "nan", "inf", "1e400", "1,5kB", "+5"})
    EXPECT_EQ(parse_byte_count(text), std::nullopt) << text;
}

TEST(ParseByteCount, GoesUpToTenToTheEighteen) {
  EXPECT_EQ(parse_byte_count("1e9GB"), ByteCount{1'000'000'000'000'000'000});
  EXPECT_EQ(parse_byte_count("2e9GB"), std::nullopt);
  EXPECT_EQ(parse_byte_count("1e19"), std::nullopt);
}

TEST(ParseBitRate, KnowsTcsWords) {
  EXPECT_EQ(parse_bit_rate("1gbit"), BitRate{1e9});
  EXPECT_EQ(parse_bit_rate("100mbit"), BitRate{1e8});
  EXPECT_EQ(parse_bit_rate("64kbit"), BitRate{64e3});
  EXPECT_EQ(parse_bit_rate("9600bit"), BitRate{9600});
  EXPECT_EQ(parse_bit_rate("2.5 Gbit/s"), BitRate{2.5e9});
}

TEST(ParseBitRate, RefusesWhatIsNoRate) {
  for (const char* text : {"", "1", "0gbit", "-1gbit", "1gbyte", "gbit", "1gbit/h", "nanbit"})
    EXPECT_EQ(parse_bit_rate(text), std::nullopt) << text;
}

TEST(ParseDuration, KnowsSecondsMillisecondsAndMinutes) {
  EXPECT_EQ(parse_duration_seconds("3"), 3);
  EXPECT_EQ(parse_duration_seconds("3s"), 3);
  EXPECT_EQ(parse_duration_seconds("0.25 s"), 0.25);
  EXPECT_EQ(parse_duration_seconds("500ms"), 0.5);
  EXPECT_EQ(parse_duration_seconds("2m"), 120);
  EXPECT_EQ(parse_duration_seconds("2min"), 120);
  EXPECT_EQ(parse_duration_seconds("6h"), 21600);
  EXPECT_EQ(parse_duration_seconds("0"), 0);
}

TEST(ParseDuration, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "s", "3d", "-1s", "3s3", "three", "infs"})
    EXPECT_EQ(parse_duration_seconds(text), std::nullopt) << text;
}

TEST(Units, PrintThreeSignificantDigits) {
  EXPECT_EQ(to_string(BitRate{1.9e6}), "1.90 Mbit/s");
  EXPECT_EQ(to_string(BitRate{23.45e6}), "23.4 Mbit/s");
  EXPECT_EQ(to_string(BitRate{451.2e6}), "451 Mbit/s");
  EXPECT_EQ(to_string(BitRate{1e9}), "1.00 Gbit/s");
  EXPECT_EQ(to_string(ByteCount{7200}), "7.20 kB");
  EXPECT_EQ(to_string(ByteCount{64'000'000}), "64.0 MB");
}

TEST(Units, PrintWholeNumbersBelowAThousandAsTheyAre) {
  EXPECT_EQ(to_string(ByteCount{0}), "0 B");
  EXPECT_EQ(to_string(ByteCount{192}), "192 B");
  EXPECT_EQ(to_string(ByteCount{999}), "999 B");
  EXPECT_EQ(to_string(BitRate{9}), "9 bit/s");
}

TEST(Units, PrintTheNextPrefixFromAThousandOn) {
  EXPECT_EQ(to_string(ByteCount{1000}), "1.00 kB");
  EXPECT_EQ(to_string(ByteCount{999'499}), "999 kB");
  EXPECT_EQ(to_string(ByteCount{999'500}), "1.00 MB");
  EXPECT_EQ(to_string(ByteCount{2'000'000'000'000'000}), "2000 TB");
}

TEST(Units, PrintThreeSignificantDigitsAlsoWhereRoundingAddsOne) {
  EXPECT_EQ(to_string(BitRate{9.996e6}), "10.0 Mbit/s");
  EXPECT_EQ(to_string(BitRate{99.96e6}), "100 Mbit/s");
}

TEST(Mtu, IsFifteenHundredUnlessSaidOtherwise) {
  EXPECT_EQ(Mtu{}.bytes, 1500U);
  EXPECT_LT(Mtu{}, Mtu{9000});
}

}  // namespace
}  // namespace offlab
