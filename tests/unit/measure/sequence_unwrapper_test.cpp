// Sequence numbers across the wrap.
#include "measure/sequence_unwrapper.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(SequenceUnwrapper, GoesOnBehindTheWrap) {
  SequenceUnwrapper sequence;
  const std::uint64_t before = sequence.follow(0xffffff00U);
  EXPECT_EQ(sequence.follow(0x100U), before + 0x200);
  EXPECT_EQ(sequence.nearest(0xffffff00U), before);
  EXPECT_EQ(sequence.follow(0x00000080U), before + 0x180);
}

TEST(SequenceUnwrapper, DoesNotFollowBackwards) {
  SequenceUnwrapper sequence;
  const std::uint64_t at = sequence.follow(5'000'000U);
  EXPECT_EQ(sequence.follow(4'000'000U), at - 1'000'000);
  EXPECT_EQ(sequence.nearest(5'000'000U), at);
}

TEST(SequenceUnwrapper, HasRoomBelowItsStart) {
  SequenceUnwrapper sequence;
  const std::uint64_t at = sequence.follow(10U);
  EXPECT_EQ(sequence.nearest(0xfffffff0U), at - 26);
}

}  // namespace
}  // namespace offlab
