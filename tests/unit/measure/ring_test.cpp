// A queue whose memory is used again.
#include "measure/ring.h"

#include <deque>
#include <random>

#include <gtest/gtest.h>

namespace offlab {
namespace {

template <typename Tested>
class RingOfInts : public testing::Test {};
using Rings = testing::Types<Ring<int>, Ring<int, 8>>;  // all of it elsewhere, the first ones inside
TYPED_TEST_SUITE(RingOfInts, Rings);

TYPED_TEST(RingOfInts, DoesAsADequeDoes) {
  std::mt19937 random(4711);
  TypeParam ring;
  std::deque<int> expected;
  for (int step = 0; step < 4'000; ++step) {
    const auto what = random() % 8;
    if (what < 4 || expected.empty()) {
      ring.push_back(step);
      expected.push_back(step);
    } else if (what < 7) {
      ring.pop_front();
      expected.pop_front();
    } else {
      const std::size_t index = random() % (expected.size() + 1);
      ring.insert(index, step);
      expected.insert(expected.begin() + static_cast<std::ptrdiff_t>(index), step);
    }
    ring.fetch_ends();
    ASSERT_EQ(ring.size(), expected.size());
    for (std::size_t index = 0; index < expected.size(); ++index) ASSERT_EQ(ring[index], expected[index]) << step;
    if (step % 1000 == 999) {
      while (!ring.empty()) ring.pop_front();
      expected.clear();
      ring.give_memory_back();
    }
  }
}

TYPED_TEST(RingOfInts, GivesItsMemoryBackWhenItIsEmpty) {
  TypeParam ring;
  const std::size_t at_first = ring.capacity();
  for (int i = 0; i < 100; ++i) ring.push_back(i);
  ring.give_memory_back();
  EXPECT_GE(ring.capacity(), 100U);
  while (!ring.empty()) ring.pop_front();
  ring.give_memory_back();
  EXPECT_EQ(ring.capacity(), at_first);
  ring.push_back(7);
  EXPECT_EQ(ring.front(), 7);
}

TYPED_TEST(RingOfInts, KeepsItsMemoryWhileItIsUsed) {
  TypeParam ring;
  ring.push_back(1);
  ring.give_memory_back();
  EXPECT_EQ(ring.front(), 1);
  EXPECT_EQ(ring.back(), 1);
}

}  // namespace
}  // namespace offlab
