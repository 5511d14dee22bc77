// Whole numbers are read as they are, or not at all.
#include "base/json.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace {

using nlohmann::json;

template <typename Number>
std::string read(const char* text) {
  try {
    return std::to_string(json::parse(text).get<Number>());
  } catch (const json::out_of_range&) {
    return "does not fit";
  } catch (const json::type_error&) {
    return "no number";
  }
}

TEST(Json, ANumberThatFitsIsRead) {
  EXPECT_EQ(read<std::uint32_t>("4294967295"), "4294967295");
  EXPECT_EQ(read<std::uint64_t>("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(read<std::int64_t>("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(read<std::int32_t>("-1"), "-1");
  EXPECT_EQ(read<std::uint16_t>("5201.0"), "5201");
  EXPECT_EQ(read<double>("1e308"), std::to_string(1e308));
}

TEST(Json, ANumberThatDoesNotFitIsRefused) {
  for (const char* text : {"-1", "4294967296", "1e308", "-1e308", "0.5", "18446744073709551616"})
    EXPECT_EQ(read<std::uint32_t>(text), "does not fit") << text;
  EXPECT_EQ(read<std::uint16_t>("65536"), "does not fit");
  EXPECT_EQ(read<std::int32_t>("2147483648"), "does not fit");
  EXPECT_EQ(read<std::int64_t>("9223372036854775808"), "does not fit");
  EXPECT_EQ(read<std::int64_t>("1e18"), "does not fit");
}

TEST(Json, WhatIsNoNumberIsRefused) {
  for (const char* text : {"true", "null", R"("1")", "[1]", "{}"}) EXPECT_EQ(read<unsigned>(text), "no number") << text;
}

TEST(Json, NumbersInListsAndBesideKeysAreReadTheSameWay) {
  EXPECT_THROW(json::parse("[1,-1]").get<std::vector<unsigned>>(), json::out_of_range);
  EXPECT_THROW(json::parse(R"({"a":-1})").value("a", 1U), json::out_of_range);
  EXPECT_THROW(json::parse(R"({"a":-1})").at("a").get_to(*std::make_unique<unsigned>()), json::out_of_range);
  EXPECT_THROW(nlohmann::ordered_json::parse("-1").get<unsigned>(), nlohmann::ordered_json::out_of_range);
  EXPECT_EQ(json(std::vector<unsigned>{1, 2}).dump(), "[1,2]");
}

}  // namespace
