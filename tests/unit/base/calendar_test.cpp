#include "base/calendar.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(Calendar, DaysInOneFormAlone) {
  for (const char* day : {"2026-11-29", "2024-02-29", "2000-02-29", "1970-01-01"}) EXPECT_TRUE(is_day(day)) << day;
  for (const char* other : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026/01/01",
                            "2026-01-01 ", " 2026-01-01", "2026-01-0x", "tomorrow"})
    EXPECT_FALSE(is_day(other)) << other;
  EXPECT_TRUE(is_day(today()));
}

TEST(Calendar, DaysBetween) {
  EXPECT_EQ(days_between("2026-11-29", "2026-12-24"), 25);
  EXPECT_EQ(days_between("2026-12-24", "2026-11-29"), -25);
  EXPECT_EQ(days_between("2024-02-28", "2024-03-01"), 2);
  EXPECT_EQ(days_between("2026-11-29", "2026-11-29"), 0);
}

}  // namespace
}  // namespace offlab
