// `offlab host lro` with an SSH server that has a stand-in for esxcli (ci/lab_esxi.py).
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class EsxiHost : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can make namespaces here";
    if (!fs::exists("/usr/sbin/sshd")) GTEST_SKIP() << "openssh-server is not installed";
  }

  // A script beside the host: `lro WORDS...` is offlab host lro, $ESXI_STATE the host's settings.
  std::string script(const std::string& text, int status = 0) {
    const std::string helpers =
        "offlab=$0; lro() { $offlab host lro \"$@\" --host $ESXI; }; values() { cat $ESXI_STATE/values/Vmxnet*LRO* | "
        "tr -d '\\n'; echo; }; sleep 0.3; ";
    Program program({}, {source_folder() + "/ci/lab_esxi.py", scratch_ / "host", "bash", "-c", helpers + text},
                    {"OFFLAB_CACHE=" + (scratch_ / "cache").string()});
    EXPECT_EQ(program.wait(seconds(50)), status) << program.output();
    return program.output();
  }

  ScratchFolder scratch_;
};

// A host of release 6 does not say what a change takes.
TEST_F(EsxiHost, IsShownInEachForm) {
  const std::string shown = script("for r in 6 7 8; do echo $r > $ESXI_STATE/release; lro show | grep Vmxnet3Hw; done");
  EXPECT_THAT(shown, ContainsRegex("Vmxnet3HwLRO +1 +1 +not said[^\n]*\n[^\n]*Vmxnet3HwLRO +1 +1 +not said[^\n]*\n"
                                   "[^\n]*Vmxnet3HwLRO +1 +1 +reboot"));
}

TEST_F(EsxiHost, IsSwitchedAndRestored) {
  const std::string said = script("echo 0 > $ESXI_STATE/values/Vmxnet2SwLRO; lro set off; values; lro restore; values");
  EXPECT_THAT(said, AllOf(HasSubstr("Net.Vmxnet3HwLRO 1 -> 0"), HasSubstr("\n00000\n"), HasSubstr("\n10111\n"),
                          HasSubstr("only traffic shows it")));
}

TEST_F(EsxiHost, LacksASetting) {
  const std::string said = script("rm $ESXI_STATE/values/Vmxnet2HwLRO; lro show; lro set off");
  EXPECT_THAT(said, AllOf(HasSubstr("not present"), Not(HasSubstr("Net.Vmxnet2HwLRO 1 -> 0"))));
}

TEST_F(EsxiHost, RefusesOneInTheMiddle) {
  const std::string said = script("echo Vmxnet3HwLRO > $ESXI_STATE/refuse; lro set off; echo status $?; values");
  EXPECT_THAT(said, AllOf(HasSubstr("Unable to set the option"), HasSubstr("the others have what they had"),
                          HasSubstr("status 3"), HasSubstr("\n11111\n")));
}

// Also while the host is about to switch one: what was asked of it goes on there.
TEST_F(EsxiHost, HasItsSettingsAfterAKill) {
  const std::string said = script(R"(
echo 0.5 > $ESXI_STATE/delay
for when in 0.4 1.2 2.4; do
  lro set off > /dev/null & p=$!
  sleep $when; kill -9 $(pgrep -P $p) $p; wait
  lro show > /dev/null; values
done)");
  std::size_t right = 0;
  for (auto at = said.find("\n11111"); at != std::string::npos; at = said.find("\n11111", at + 1)) ++right;
  EXPECT_EQ(right, 3U) << said;
}

TEST_F(EsxiHost, IsOneProcessAtATime) {
  const std::string said =
      script("echo 1 > $ESXI_STATE/delay; lro set off & sleep 0.7; lro show; echo status $?; wait");
  EXPECT_THAT(said, AllOf(HasSubstr("in use by offlab host lro set ("), HasSubstr("status 3")));
}

TEST_F(EsxiHost, MistakesInItsFileAreSaid) {
  EXPECT_THAT(script("echo '[esxi]' > $ESXI; lro show", 2), HasSubstr("missing key 'address'"));
}

TEST_F(EsxiHost, PresentsAnotherKey) {
  const std::string other =
      "cd ${ESXI%/*}; ssh-keygen -q -t rsa -b 2048 -N '' -f other; sed -i \"s|AAAA.*|$(cut -d' ' -f2 other.pub)|\" "
      "known_hosts; lro show";
  EXPECT_THAT(script(other, 3), HasSubstr("it presents another host key"));
}

}  // namespace
}  // namespace offlab::test
