// The founding case as an ordinary user.
#include "lab/ordinary_user.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

TEST(OrdinaryUser, FindsTheFoundingFault) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become an ordinary user";
  if (!std::filesystem::exists(shared_cache() / "images"))
    GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
  const OrdinaryUserPlace place(shared_cache());
  const std::string before = host_state();
  Program program({"demo", "--out", place.folder() / "run"}, place.prefix(), place.environment());
  EXPECT_EQ(program.wait(std::chrono::seconds(240)), 0) << program.output();
  EXPECT_NE(program.output().find("lro-orphan-storm"), std::string::npos);
  EXPECT_EQ(host_state(), before);
}

}  // namespace
}  // namespace offlab::test
