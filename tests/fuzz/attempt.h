// Damaged input, tried again and again: whoever reads it accepts it or refuses it with an Error, in good time. What
// crashes or hangs says which damage did it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/damage.h"

namespace offlab::fuzz {

// How many damaged inputs a test tries: OFFLAB_MUTATIONS, or else ten thousand.
unsigned mutations();
// The seed of the first: OFFLAB_SEED, or else 0. With OFFLAB_MUTATIONS=1 it is the only one.
unsigned first_seed();

// Runs `body`, which is to end within seconds, and gives the text of the Error or UsageError that left it. Anything
// else that leaves it fails the test, as does a text that is empty or not clean. `name`: what is tried, for people.
std::optional<std::string> refusal_of(const std::string& name, const std::function<void()>& body);

// Goes through the seeds until one fails, and says how to try that one again.
template <typename Try>
void try_all(Try one) {
  for (unsigned seed = first_seed(); seed < first_seed() + mutations(); ++seed) {
    Random random(seed);
    one(random, "seed " + std::to_string(seed));
    if (testing::Test::HasFailure())
      FAIL() << "again with OFFLAB_SEED=" << seed << " OFFLAB_MUTATIONS=1 and --gtest_filter="
             << testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() << "."
             << testing::UnitTest::GetInstance()->current_test_info()->name();
  }
}

// How many were accepted and refused: both kinds must come up, or the damage is too heavy or too light to say anything.
struct Tally {
  unsigned accepted = 0;
  unsigned refused = 0;

  void count(const std::optional<std::string>& refusal) { ++(refusal ? refused : accepted); }
  void expect_both() const;
};

}  // namespace offlab::fuzz
