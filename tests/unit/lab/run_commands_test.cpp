// Commands of a file as shell, run by this machine's.
#include "lab/run_commands.h"

#include <cstdio>

#include <gtest/gtest.h>

#include "base/shell_words.h"

namespace offlab {
namespace {

struct Result {
  int status = 0;
  std::string output;  // both streams
};

Result run(const std::vector<std::string>& commands) {
  std::string script;
  for (const std::string& piece : shell_scripts(commands)) script += piece;
  std::FILE* pipe = popen(("sh -c " + shell_quoted("exec 2>&1\n" + script)).c_str(), "r");
  Result result;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) result.output += static_cast<char>(c);
  result.status = pclose(pipe) >> 8;
  return result;
}

TEST(ShellScripts, RunCommandsInOrderInOneShell) {
  const Result result = run({"x=1", "echo $x", "echo 2"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "1\n2\n");
}

TEST(ShellScripts, EndAtTheFirstThatFailsAndNameIt) {
  const Result result = run({"echo 1", "(exit 3)", "echo 2"});
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "1\nfailed: (exit 3)\n");
}

TEST(ShellScripts, ACommandThatExitsEndsItselfOnly) {
  EXPECT_EQ(run({"exit 0", "echo 2"}).output, "2\n");
  const Result result = run({"if true; then exit 4; fi", "echo 2"});
  EXPECT_EQ(result.status, 4);
  EXPECT_EQ(result.output, "failed: if true; then exit 4; fi\n");
}

}  // namespace
}  // namespace offlab
