// Bytes that a thread reads ahead: the same bytes, in the same order, and the same failure behind them.
#include "capture/read_ahead.h"

#include <gtest/gtest.h>

#include "unit/capture/byte_list.h"

namespace offlab {
namespace {

// Several times what is kept at a time.
std::string many_bytes() {
  std::string bytes(5'000'000, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  return bytes;
}

TEST(ReadAhead, GivesEveryByteOnceAndInOrder) {
  const std::string expected = many_bytes();
  for (const std::size_t at_once : {999U, 65536U, 3'000'000U}) {
    ReadAhead source(std::make_unique<ByteList>(expected, 70'001));
    std::string failure;
    EXPECT_TRUE(all_bytes(source, failure, at_once) == expected) << at_once;
    EXPECT_EQ(failure, "");
  }
}

TEST(ReadAhead, AFailureComesBehindAllThatWasRead) {
  for (const std::size_t size : {0U, 10U, 262'144U, 2'000'001U}) {
    const std::string expected = many_bytes().substr(0, size);
    ReadAhead source(std::make_unique<ByteList>(expected, 70'001, Error("the disk is gone")));
    std::string failure;
    EXPECT_TRUE(all_bytes(source, failure) == expected) << size;
    EXPECT_EQ(failure, "the disk is gone");
    std::string again;
    EXPECT_EQ(all_bytes(source, again), "");
    EXPECT_EQ(again, "the disk is gone");
  }
}

TEST(ReadAhead, EndsWithoutHavingBeenRead) {
  const ReadAhead untouched(std::make_unique<ByteList>(many_bytes()));
  ReadAhead begun(std::make_unique<ByteList>(many_bytes()));
  std::array<std::uint8_t, 10> room = {};
  EXPECT_EQ(begun.read(room), 10U);
}

}  // namespace
}  // namespace offlab
