// How ssh is called.
#include "session/ssh_command.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

TEST(SshCommand, HasWhatTheFileSays) {
  PoolHost host{.name = "h1", .address = "lab-1"};
  EXPECT_EQ(ssh_command(host, "echo it's"),
            (std::vector<std::string>{"ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o",
                                      "ServerAliveInterval=3", "-o", "ServerAliveCountMax=3", "--", "lab-1",
                                      "exec sh -c 'echo it'\\''s'"}));
  host.user = "ci";
  host.port = 2222;
  host.jump = "gate";
  host.ssh_config = "config";
  const std::vector<std::string> all = ssh_command(host, "true");
  EXPECT_EQ(std::vector<std::string>(all.begin() + 10, all.end()),
            (std::vector<std::string>{"-F", "config", "-p", "2222", "-J", "gate", "-l", "ci", "--", "lab-1",
                                      "exec sh -c 'true'"}));
}

TEST(SshCommand, AScriptMayGoToAShellOverStdin) {
  const std::vector<std::string> command = ssh_shell({.name = "h1", .address = "lab-1"}, "echo 'a\nb'");
  ASSERT_GT(command.size(), 6U);
  EXPECT_EQ(command[4], "echo 'a\nb'");
  EXPECT_EQ(command[5], "ssh");
  EXPECT_EQ(command.back(), "exec sh -s");  // of one line and without quotes: csh takes it as well
}

TEST(SshCommand, TheAgentIsStartedAsTheHostWants) {
  EXPECT_EQ(agent_script({.name = "h1", .address = "a"}, "0123456789abcdef0123"),
            "p=\"$HOME/.cache/offlab-agent/0123456789abcdef/offlab\"; [ -x \"$p\" ] || exit 77; exec env \"$p\" agent "
            "--stdio");
  EXPECT_EQ(agent_script({.name = "h1", .address = "a", .cache = "/var/c", .sudo = true}, "0123456789abcdef0123"),
            "p=\"$HOME/.cache/offlab-agent/0123456789abcdef/offlab\"; [ -x \"$p\" ] || exit 77; exec sudo -n env "
            "OFFLAB_CACHE='/var/c' \"$p\" agent --stdio");
}

// As a shell runs it, with a home of its own.
class Install : public testing::Test {
 protected:
  int run(const std::string& content, const std::string& digest) const {
    std::ofstream(temp_.path() / "program") << content;
    std::ofstream(temp_.path() / "script") << install_script(digest);
    const std::string home = temp_.path().string();
    return std::system(("HOME=" + home + " sh " + home + "/script < " + home + "/program 2> /dev/null").c_str());
  }
  std::filesystem::path installed(const std::string& digest) const {
    return temp_.path() / ".cache/offlab-agent" / digest.substr(0, 16) / "offlab";
  }
  TempFolder temp_;
};

TEST_F(Install, PutsAProgramWhereTheAgentIsLookedFor) {
  const std::string digest = sha256_hex("a program");
  EXPECT_EQ(run("a program", digest), 0);
  EXPECT_TRUE(std::filesystem::exists(installed(digest)));
}

TEST_F(Install, KeepsAFewOnly) {
  for (int i = 0; i < 8; ++i) {
    const std::string program = "program " + std::to_string(i);
    EXPECT_EQ(run(program, sha256_hex(program)), 0);
    // The time of a folder is what decides, and it is coarse.
    std::filesystem::last_write_time(installed(sha256_hex(program)).parent_path(),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(9 - i));
  }
  EXPECT_FALSE(std::filesystem::exists(installed(sha256_hex("program 0"))));
  EXPECT_TRUE(std::filesystem::exists(installed(sha256_hex("program 7"))));
}

TEST_F(Install, RefusesWhatWasCutOff) {
  const std::string digest = sha256_hex("a program");
  EXPECT_NE(run("a prog", digest), 0);
  EXPECT_FALSE(std::filesystem::exists(installed(digest)));
  EXPECT_TRUE(std::filesystem::is_empty(installed(digest).parent_path()));
}

}  // namespace
}  // namespace offlab
