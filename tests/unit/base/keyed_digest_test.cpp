#include "base/keyed_digest.h"

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

namespace offlab {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// RFC 4231, sections 4.2 and 4.3. A key that is shorter than a block counts as if zeros followed it.
TEST(KeyedDigest, IsWhatTheStandardSays) {
  KeyedDigest::Key key{};
  std::fill_n(key.begin(), 20, std::uint8_t{0x0b});
  const KeyedDigest::Value first = {0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf,
                                    0xce, 0xaf, 0x0b, 0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83,
                                    0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7};
  EXPECT_EQ(KeyedDigest(key).of(bytes_of("Hi There")), first);
  key = {'J', 'e', 'f', 'e'};
  const KeyedDigest::Value second = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
                                     0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
                                     0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
  EXPECT_EQ(KeyedDigest(key).of(bytes_of("what do ya want for nothing?")), second);
}

TEST(KeyedDigest, RandomKeysDiffer) {
  EXPECT_NE(random_key(), random_key());
}

}  // namespace
}  // namespace offlab
