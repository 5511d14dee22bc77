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
        "offlab=$0; lro() { case $1 in show) $offlab host lro \"$@\" --host $ESXI ;; *) $offlab host lro \"$@\" --yes "
        "--host $ESXI ;; esac; }; values() { cat $ESXI_STATE/values/Vmxnet*LRO* | "
        "tr -d '\\n'; echo; }; ";
    std::vector<std::string> prefix = {source_folder() + "/ci/lab_esxi.py"};
    prefix.insert(prefix.end(), options_.begin(), options_.end());
    prefix.insert(prefix.end(), {scratch_ / "host", "bash", "-c", helpers + text});
    Program program({}, prefix, {"OFFLAB_CACHE=" + (scratch_ / "cache").string()});
    EXPECT_EQ(program.wait(seconds(110)), status) << program.output();
    return program.output();
  }

  std::vector<std::string> options_;  // of ci/lab_esxi.py
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
                          HasSubstr("only traffic shows whether")));
}

TEST_F(EsxiHost, LacksASetting) {
  const std::string said = script("rm $ESXI_STATE/values/Vmxnet2HwLRO; lro show; lro set off");
  EXPECT_THAT(said, AllOf(HasSubstr("not present"), Not(HasSubstr("Net.Vmxnet2HwLRO 1 -> 0"))));
}

TEST_F(EsxiHost, RefusesOneInTheMiddle) {
  const std::string said = script("echo Vmxnet3HwLRO > $ESXI_STATE/refuse; lro set off; echo status $?; values");
  EXPECT_THAT(said, AllOf(HasSubstr("Unable to set the option"), HasSubstr("everything else is as it was"),
                          HasSubstr("status 3"), HasSubstr("\n11111\n")));
}

// Also while the host is about to switch one: what was asked of it goes on there.
TEST_F(EsxiHost, HasItsSettingsAfterAKill) {
  const std::string said = script(R"(
echo 0.5 > $ESXI_STATE/delay
for when in 0.4 1.2 2.4; do
  lro set off > /dev/null & p=$!
  sleep $when; kill -9 $(pgrep -P $p) $p; wait
  lro show > /dev/null; lro restore > /dev/null; values
done)");
  std::size_t right = 0;
  for (auto at = said.find("\n11111"); at != std::string::npos; at = said.find("\n11111", at + 1)) ++right;
  EXPECT_EQ(right, 3U) << said;
}

// A host that reboots, with the lab's machine on it.
class RebootedEsxiHost : public EsxiHost {
 protected:
  std::string script(const std::string& text, int status = 0) {
    options_.emplace_back("--reboots");
    return EsxiHost::script(R"(
force() { cat $ESXI_STATE/in_force/Vmxnet3HwLRO $ESXI_STATE/boots $ESXI_STATE/vms/router | tr '\n' ' '; echo; }
)" + text,
                            status);
  }
};

TEST_F(RebootedEsxiHost, HasItsSettingsInForce) {
  const std::string said = script("lro set off; force; lro set off; force; lro restore; force");
  EXPECT_THAT(said, AllOf(HasSubstr("'router' shuts down"), HasSubstr("reboots: at most 30 s"),
                          HasSubstr("\n0 2 on \n"), HasSubstr("\n1 3 on \n")));
}

TEST_F(RebootedEsxiHost, IsAsItWasAfterAKillInTheWait) {
  const std::string said = script(R"(
for when in 'shuts down' reboots; do
  lro set off | { while read -r line; do case $line in *"$when"*) sleep 0.3; pkill -9 -x offlab; break ;; esac; done; }
  until lro restore; do sleep 0.5; done; values; force
done; ls $OFFLAB_CACHE/esxi)");
  // What may have been rebooted with switched values is rebooted once more on the way back.
  EXPECT_THAT(said, AllOf(HasSubstr("everything is as it was"), ContainsRegex("\n11111\n1 [123] on \n"),
                          ContainsRegex("\n11111\n1 [1-5] on \n[^\n]*lock\n$"), Not(HasSubstr(".jsonl"))));
}

// Who only looks reboots nothing, and put-back brings back what was cut off.
TEST_F(RebootedEsxiHost, IsPutBack) {
  const std::string said = script(R"(
lro set off | { while read -r line; do case $line in *reboots*) sleep 0.3; pkill -9 -x offlab; break ;; esac; done; }
until lro show | grep -q Vmxnet3HwLRO; do sleep 0.5; done; force
until $offlab put-back; do sleep 0.5; done; values; force; $offlab put-back)");
  EXPECT_THAT(said, AllOf(HasSubstr("this brings back what it has left: offlab host lro restore --host /"),
                          HasSubstr("\n0 2 off \n"), HasSubstr("a change was cut off; what it has left goes back"),
                          HasSubstr("\n11111\n1 3 on \n"), HasSubstr("no run has left anything switched")));
}

TEST_F(RebootedEsxiHost, IsNotRebootedUnasked) {
  const std::string said = script("$offlab host lro set off --host $ESXI < /dev/null; echo status $?; values; force");
  EXPECT_THAT(said, AllOf(HasSubstr("shuts down router, reboots the host, starts it; at most"), HasSubstr("--yes"),
                          HasSubstr("status 2\n11111\n1 1 on \n")));
}

TEST_F(RebootedEsxiHost, IsNotRebootedWhileOthersRun) {
  const std::string said = script("echo on > $ESXI_STATE/vms/payroll; lro set off; echo status $?; values; force");
  EXPECT_THAT(said, AllOf(HasSubstr("'payroll' runs there, and not the lab's"), HasSubstr("status 3"),
                          HasSubstr("\n11111\n1 1 on \n")));
}

TEST_F(RebootedEsxiHost, WithAMachineThatCannotBeShutDown) {
  const std::string said = script("echo router > $ESXI_STATE/toolless; lro set off; echo status $?; values; force");
  EXPECT_THAT(said, AllOf(HasSubstr("'router' cannot be shut down; does VMware Tools run in it?"),
                          HasSubstr("everything else is as it was"), HasSubstr("\n11111\n1 1 on \n")));
}

TEST_F(RebootedEsxiHost, ThatDoesNotComeBackInTime) {
  options_ = {"--down", "3"};
  const std::string said = script(R"(
sed -i 's/host_seconds = 30/host_seconds = 1/' $ESXI
lro set off; echo status $?; sleep 4; sed -i 's/host_seconds = 1/host_seconds = 30/' $ESXI
lro restore; values; force)");
  EXPECT_THAT(said, AllOf(HasSubstr("no answer within 1 s"), HasSubstr("not brought back"), HasSubstr("\n11111\n1 ")));
}

TEST_F(EsxiHost, ItsMachinesAreStartedAndStoppedByName) {
  const std::string said = script(
      "vm() { $offlab host vm \"$@\" --host $ESXI; }; vm list; vm stop router; vm list; vm start router; vm list "
      "--json");
  EXPECT_THAT(said, AllOf(HasSubstr("router, runs\n    vmxnet3    00:50:56:00:00:01    lan"), HasSubstr("router, off"),
                          HasSubstr("\"runs\": true")));
}

// Frames on loopback; the host's programs end with ours, also when ours is killed.
TEST_F(EsxiHost, ItsFramesAreCaptured) {
  const std::string said = script(R"(
cd ${ESXI%/*}
printf '67108881 00:50:56:00:00:01 router.wan lo\n67108882 00:50:56:00:00:02 vmnic0 lo\n' > $ESXI_STATE/ports
capture() { $offlab host capture "$@" --host $ESXI; }
# Whoever died and is not reaped is none: the first process here is no init.
running() { pgrep --runstates R,S,D,T "$@" 'pktcap|tcpdump'; }
left() { for i in 1 2 3 4 5 6 7 8 9 10; do running > /dev/null || break; sleep 0.3; done; running --count; }
for place in router.wan 00:50:56:00:00:01 67108881 vmnic0; do
  capture $place --out $RANDOM.pcap --seconds 2
done
for f in *.pcap; do tcpdump -r $f 2> /dev/null | wc -l | awk '{ print ($1 > 0 ? "frames" : "empty") }'; done
left
capture router.wan --out killed.pcap --seconds 60 & sleep 1.5; pkill -9 -x offlab; left
capture nobody.eth0 --out none.pcap; echo "status $?"; ls *.pcap | wc -l)");
  EXPECT_THAT(said, AllOf(HasSubstr("0 frames dropped by the host"), HasSubstr("frames\nframes\nframes\nframes\n0\n"),
                          HasSubstr("it has router.wan"), HasSubstr("status 3\n4\n"), Not(HasSubstr("empty"))));
}

TEST_F(EsxiHost, ReportsWhatItPrints) {
  const std::string said = script(R"(
cd ${ESXI%/*}; echo "0 00:50:56:11:22:33 router.lan lo" > $ESXI_STATE/ports; $offlab host report --host $ESXI
tar xzf offlab-host-report.tar.gz; cat offlab-host-report/{settings-text,setting-unknown,port-list}.txt)");
  EXPECT_THAT(said, AllOf(HasSubstr("Path: /Net/Vmxnet3HwLRO"), HasSubstr("exit status"), HasSubstr("00:50:56:00:00:"),
                          Not(HasSubstr("00:50:56:11:22:33"))));
}

TEST_F(EsxiHost, ASignalBringsTheSettingsBack) {
  const std::string said = script(R"(
echo 0.5 > $ESXI_STATE/delay; cd ${ESXI%/*}
$offlab host lro set off --host $ESXI > said & pid=$!; until grep -q '1 -> 0' said; do sleep 0.1; done
kill -TERM $pid; wait $pid; echo "status $?"; cat said; values)");
  EXPECT_THAT(said, AllOf(HasSubstr("0 -> 1"), HasSubstr("status 130\n"), HasSubstr("\n11111\n")));
}

TEST_F(RebootedEsxiHost, ASignalInTheWaitBringsAllBack) {
  const std::string said = script(R"(
lro set off | { while read -r line; do echo "$line"; case $line in *reboots*) sleep 0.5; pkill -INT -x offlab ;; esac; done; }
values; force; ls $OFFLAB_CACHE/esxi)");
  EXPECT_THAT(said, AllOf(ContainsRegex("\n11111\n1 3 on \n[^\n]*lock\n$"), Not(HasSubstr(".jsonl"))));
}

TEST_F(EsxiHost, IsOneProcessAtATime) {
  const std::string said = script(
      "echo 1 > $ESXI_STATE/delay; lro set off & until grep -q set $OFFLAB_CACHE/esxi/*.lock 2> /dev/null; do sleep "
      "0.1; done; lro show; echo status $?; wait");
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
