// Which processors processes run on.
#include "process/processors.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offlab {
namespace {

// In a process of its own, which may use its first processor only.
int in_restricted_process(int (*body)(unsigned cpu)) {
  const pid_t child = fork();
  if (child == 0) {
    const unsigned first = usable_cpus().front();
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(first, &set);
    _exit(sched_setaffinity(0, sizeof set, &set) == 0 ? body(first) : 99);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(Processors, ThereIsOneAtLeast) {
  EXPECT_FALSE(usable_cpus().empty());
}

TEST(Processors, ARestrictionIsSeen) {
  if (sysconf(_SC_NPROCESSORS_ONLN) < 2) GTEST_SKIP() << "two processors are needed";
  EXPECT_EQ(in_restricted_process([](unsigned cpu) { return restricted_cpus() == std::vector<unsigned>{cpu} ? 0 : 1; }),
            0);
}

}  // namespace
}  // namespace offlab
