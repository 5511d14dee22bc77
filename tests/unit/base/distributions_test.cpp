#include "base/distributions.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

// Tables of Student's t.
TEST(Distributions, TwoSidedStudentT) {
  EXPECT_NEAR(student_t_two_sided(12.706, 1), 0.05, 1e-5);
  EXPECT_NEAR(student_t_two_sided(-2.228, 10), 0.05, 1e-4);
  EXPECT_NEAR(student_t_two_sided(3.169, 10), 0.01, 1e-5);
  EXPECT_NEAR(student_t_two_sided(1.960, 1e6), 0.05, 1e-4);
  EXPECT_EQ(student_t_two_sided(0, 5), 1);
}

// Brown, Cai, DasGupta, "Interval estimation for a binomial proportion" (2001), table 5: n = 10.
TEST(Distributions, JeffreysInterval) {
  EXPECT_EQ(jeffreys_interval(0, 10).low, 0);
  EXPECT_NEAR(jeffreys_interval(0, 10).high, 0.217, 0.0005);
  EXPECT_NEAR(jeffreys_interval(1, 10).low, 0.011, 0.0005);
  EXPECT_NEAR(jeffreys_interval(1, 10).high, 0.381, 0.0005);
  EXPECT_EQ(jeffreys_interval(10, 10).high, 1);
  EXPECT_EQ(jeffreys_interval(0, 0), RateInterval());
}

}  // namespace
}  // namespace offlab
