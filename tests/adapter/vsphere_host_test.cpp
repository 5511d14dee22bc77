// `offlab host` through the vSphere API: against vcsim (ci/lab_vsphere.py), and against a server that is wrong in one
// way or another (ci/stand-ins/vsphere_api.py).
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
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

class ApiHost : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can make namespaces here";
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "python3 is not installed";
  }

  std::string run(const std::vector<std::string>& host, const std::string& text, int status) {
    std::vector<std::string> prefix = host;
    prefix.push_back(scratch_ / "host");
    prefix.insert(prefix.end(), {"bash", "-c",
                                 "offlab=$0; lro() { case $1 in show) $offlab host lro \"$@\" --host $FILE ;; *) "
                                 "$offlab host lro \"$@\" --yes --host $FILE ;; esac; }\n" +
                                     text});
    Program program({}, prefix, {"OFFLAB_CACHE=" + (scratch_ / "cache").string()});
    const auto ended = program.wait(seconds(110));
    if (ended == 77) return skipped_;
    EXPECT_EQ(ended, status) << program.output();
    return program.output();
  }

  const std::string skipped_ = "skipped";
  ScratchFolder scratch_;
};

class Vcsim : public ApiHost, public testing::WithParamInterface<const char*> {
 protected:
  std::string script(const std::string& text, int status = 0) {
    std::vector<std::string> host = {source_folder() + "/ci/lab_vsphere.py"};
    host.insert(host.end(), options_.begin(), options_.end());
    host.emplace_back(GetParam());
    return run(host, "FILE=$VSPHERE\n" + text, status);
  }
  std::string all(const std::string& values) const {
    return GetParam() == std::string("esxi") ? "localhost.localdomain " + values + "\n"
                                             : "DC0_C0_H0 " + values + "\nDC0_C0_H1 " + values + "\nDC0_H0 11111\n";
  }

  std::vector<std::string> options_;
};
INSTANTIATE_TEST_SUITE_P(Modes, Vcsim, testing::Values("esxi", "vcenter"),
                         [](const auto& instance) { return std::string(instance.param); });

#define OR_SKIP(said) \
  if ((said) == skipped_) GTEST_SKIP() << "vcsim cannot be had: ci/build_vcsim.sh says why"

// The other host of the vCenter is not of the cluster.
TEST_P(Vcsim, IsShownSwitchedAndRestored) {
  const std::string said = script("lro show; lro set off; $VALUES; lro restore; $VALUES");
  OR_SKIP(said);
  EXPECT_THAT(said, AllOf(ContainsRegex("Net.Vmxnet3HwLRO +1 "), HasSubstr("Net.Vmxnet3HwLRO 1 -> 0"),
                          HasSubstr(all("00000")), HasSubstr("Net.Vmxnet3HwLRO 0 -> 1")));
  EXPECT_TRUE(said.ends_with(all("11111"))) << said;
}

// Between any two keys, and as each is asked for.
TEST_P(Vcsim, HasItsSettingsAfterAKill) {
  options_ = {"--delay", "300"};
  const std::string said = script(R"(
for key in VmxnetSwLROSL Vmxnet3SwLRO Vmxnet3HwLRO Vmxnet2SwLRO; do
  lro set off | { while read -r line; do case $line in *Net.$key*) pkill -9 -x offlab; break ;; esac; done; }
  $offlab put-back; $VALUES
done)");
  OR_SKIP(said);
  std::size_t right = 0;
  for (auto at = said.find(all("11111")); at != std::string::npos; at = said.find(all("11111"), at + 1)) ++right;
  EXPECT_EQ(right, 4U) << said;
  EXPECT_THAT(said, HasSubstr("a change was cut off; what it has left goes back"));
}

TEST_P(Vcsim, AWrongPasswordIsSaid) {
  const std::string said = script("echo wrong > ${VSPHERE%/*}/password; lro show", 3);
  OR_SKIP(said);
  EXPECT_THAT(said, AllOf(HasSubstr("127.0.0.1:8989 refuses user 'offlab@vsphere.local' with this password"),
                          Not(HasSubstr("wrong"))));
}

TEST_P(Vcsim, AnotherCertificateIsRefusedBeforeAnythingIsSent) {
  const std::string said = script(R"(
sed -i '/ca_file/d' $VSPHERE; lro show < /dev/null; echo "status $?"
f=$(openssl x509 -in ${VSPHERE%/*}/api.pem -noout -fingerprint -sha256 | cut -d= -f2)
cp $VSPHERE $VSPHERE.plain
sed -i "2i fingerprint = \"$f\"" $VSPHERE; lro show | head -n 1
g=00${f#??}; cp $VSPHERE.plain $VSPHERE; sed -i "2i fingerprint = \"$g\"" $VSPHERE; lro show; echo "status $?"
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout /dev/null -out ${VSPHERE%/*}/other.pem 2> /dev/null
cp $VSPHERE.plain $VSPHERE; sed -i '2i ca_file = "other.pem"' $VSPHERE; lro show; echo "status $?")");
  OR_SKIP(said);
  EXPECT_THAT(said, AllOf(HasSubstr("its SHA-256 fingerprint: "), HasSubstr("status 2"),
                          HasSubstr("presents another certificate than the one that is trusted"),
                          HasSubstr("its certificate is not trusted"), HasSubstr("status 3")));
}

// At a terminal: the certificate is shown once, the password is not shown.
TEST_P(Vcsim, CertificateAndPasswordAreAskedFor) {
  const std::string said = script(R"(
cd ${VSPHERE%/*}; sed -i '/ca_file/d; /password_file/d' $VSPHERE
cat > ask.py << 'END'
import os, pty, sys
pid, tty = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
said = b""
answers = [(b"[y/N] ", b"y\n"), (b"vsphere.local at 127.0.0.1:8989: ", b"correct horse & <battery>\n")]
while True:
    try:
        got = os.read(tty, 4096)
    except OSError:
        break
    if not got:
        break
    said += got
    for asked, answer in answers:
        if said.endswith(asked):
            os.write(tty, answer)
print(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
python3 ask.py $offlab host lro show --host $VSPHERE; echo "status $?"
python3 ask.py $offlab host lro show --host $VSPHERE; echo "status $?")");
  OR_SKIP(said);
  const auto first = said.find("is reached for the first time");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(said.find("is reached for the first time", first + 1), std::string::npos) << said;
  EXPECT_THAT(said, AllOf(ContainsRegex("fingerprint of its certificate is\r?\n +[0-9A-F:]{95}"), HasSubstr("status 0"),
                          Not(HasSubstr("status 3")), Not(HasSubstr("battery")), HasSubstr("Net.Vmxnet3HwLRO")));
}

TEST_P(Vcsim, ItsMachinesAreStartedAndStoppedByName) {
  const std::string machine = GetParam() == std::string("esxi") ? "ha-host_VM0" : "DC0_C0_RP0_VM0";
  const std::string said = script("vm() { $offlab host vm \"$@\" --host $VSPHERE; }; vm list; vm stop " + machine +
                                  "; vm list; vm start " + machine + "; vm list; vm start nobody; echo status $?");
  OR_SKIP(said);
  EXPECT_THAT(said, AllOf(HasSubstr(": " + machine + ", runs"), HasSubstr(": " + machine + ", off"),
                          ContainsRegex("e1000 +00:0c:29"), HasSubstr("has no virtual machine 'nobody'")));
}

TEST_P(Vcsim, ReportsWhatItIs) {
  const std::string said = script(
      "cd ${VSPHERE%/*}; $offlab host report --host $VSPHERE; tar tzf offlab-host-report.tar.gz; tar xzOf "
      "offlab-host-report.tar.gz | grep -c 'battery' || true");
  OR_SKIP(said);
  EXPECT_THAT(said,
              AllOf(HasSubstr("offlab-host-report/about.txt"), HasSubstr("host-1-settings.txt"), HasSubstr("\n0\n")));
}

class HostileApi : public ApiHost {
 protected:
  std::string script(const std::string& text, int status = 0) {
    return run({source_folder() + "/ci/lab_esxi.py", "--api"},
               "FILE=$ESXI; values() { cat $ESXI_STATE/values/Vmxnet*LRO* | tr -d '\\n'; echo; }\n" + text, status);
  }
  // What `set off` says of it, and the values afterwards.
  std::string with_fault(const std::string& fault) {
    return script("echo '" + fault +
                  "' > $ESXI_STATE/fault; lro set off; echo status $?; rm $ESXI_STATE/fault; values");
  }
};

TEST_F(HostileApi, AValueOfAnotherType) {
  EXPECT_THAT(with_fault("wrong-type"), AllOf(HasSubstr("which is no integer"), HasSubstr("\n11111\n")));
}

TEST_F(HostileApi, ARefusalInTheMiddle) {
  EXPECT_THAT(with_fault("refuse Net.Vmxnet3HwLRO"),
              AllOf(HasSubstr("Net.Vmxnet3HwLRO = 0 is refused: InvalidArgument"),
                    HasSubstr("everything else is as it was"), HasSubstr("status 3"), HasSubstr("\n11111\n")));
}

TEST_F(HostileApi, AChangeThatIsRefusedAndDoneAllTheSame) {
  EXPECT_THAT(with_fault("half-applied Net.Vmxnet3HwLRO"),
              AllOf(HasSubstr("everything else is as it was"), HasSubstr("\n11111\n")));
}

TEST_F(HostileApi, AChangeThatIsAcceptedAndNotDone) {
  EXPECT_THAT(with_fault("ignores Net.Vmxnet3HwLRO"),
              AllOf(HasSubstr("is 1 after it was set to 0"), HasSubstr("\n11111\n")));
}

TEST_F(HostileApi, ASessionThatExpires) {
  EXPECT_THAT(with_fault("expires 12"),
              AllOf(HasSubstr("the session had expired; logging in again"), HasSubstr("\n00000\n")));
  EXPECT_THAT(with_fault("always-expired"), HasSubstr("ends each session at once"));
}

TEST_F(HostileApi, AHostThatDiesInTheMiddle) {
  const std::string said = script(R"(
echo 'dies Net.Vmxnet3HwLRO' > $ESXI_STATE/fault; lro set off; echo "status $?"; values
rm $ESXI_STATE/fault; : > $ESXI_STATE/reboot; sleep 2.5; lro restore; values)");
  EXPECT_THAT(said, AllOf(HasSubstr("not brought back: Net.Vmxnet3HwLRO = 1"), HasSubstr("status 3"),
                          HasSubstr("\n11100\n"), HasSubstr("everything is as it was"), HasSubstr("\n11111\n")));
}

TEST_F(HostileApi, WhatIsNoApi) {
  EXPECT_THAT(with_fault("html"), HasSubstr("its answer is no SOAP document"));
  EXPECT_THAT(with_fault("redirect"), HasSubstr("HTTP status 302"));
}

// At most 64 MB and 10 s: a start takes a little of both.
TEST_F(HostileApi, CostsLittleMemoryAndTime) {
  const std::string said = script(R"(
for fault in many bomb huge token slow silent; do
  echo $fault > $ESXI_STATE/fault
  python3 -c '
import resource, subprocess, sys, time
begin = time.monotonic()
ended = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds, kilobytes = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(sys.argv[1], "status", ended, "ok" if seconds < 11 and kilobytes < 64000 else f"{seconds} s, {kilobytes} kB")
' $fault $offlab host lro show --host $ESXI &
done; wait)");
  EXPECT_THAT(said, Not(HasSubstr(" kB"))) << said;
  std::size_t ended = 0;
  for (auto at = said.find("status 3 ok"); at != std::string::npos; at = said.find("status 3 ok", at + 1)) ++ended;
  EXPECT_EQ(ended, 6U) << said;
}

TEST_F(HostileApi, AHostRebootsAndItsSettingsComeIntoForce) {
  const std::string said = script(R"(
printf '[switch]\nreboot = "host-reboot"\nmaintenance = true\nmachines = ["router"]\n' >> $ESXI
force() { cat $ESXI_STATE/in_force/Vmxnet3HwLRO $ESXI_STATE/boots $ESXI_STATE/vms/router | tr '\n' ' '; echo; }
lro set off; force; lro restore; force)");
  EXPECT_THAT(said, AllOf(HasSubstr("reboots: at most 1200 s"), HasSubstr("\n0 2 on \n"), HasSubstr("\n1 3 on \n")));
}

TEST_F(HostileApi, ASignalBringsTheSettingsBack) {
  const std::string said = script(R"(
echo slow-set > $ESXI_STATE/fault; cd ${ESXI%/*}
$offlab host lro set off --host $ESXI > said & pid=$!; until grep -q '1 -> 0' said; do sleep 0.1; done
kill -INT $pid; wait $pid; echo "status $?"; cat said; values)");
  EXPECT_THAT(said, AllOf(HasSubstr("0 -> 1"), HasSubstr("status 130\n"), HasSubstr("\n11111\n")));
}

// In files, output, process lists, and what a crash leaves; of a password in a file, and of one in the environment.
TEST_F(HostileApi, NoSecretIsLeftAnywhere) {
  const std::string said = script(R"sh(
cd ${ESXI%/*}
ulimit -c unlimited
needle=$(printf 'correct %s' horse)
look() {
  echo slow-set > $ESXI_STATE/fault
  lro set off > now 2>&1 & until grep -q '1 -> 0' now; do sleep 0.1; done; pid=$(pgrep -x offlab)
  ps -eo args --no-headers | grep -a offlab >> processes
  cat /proc/$pid/environ /proc/$pid/cmdline | tr '\0' '\n' >> processes
  kill -SEGV $pid; wait; rm $ESXI_STATE/fault; cat now >> said
  lro show >> said 2>&1; $offlab host report --host $ESXI >> said
  tar xzf offlab-host-report.tar.gz
}
look
rm password; sed -i 's/^password_file.*/password_variable = "API_PASSWORD"/' $ESXI
export API_PASSWORD="$needle"; look; unset API_PASSWORD
grep -c ^OFFLAB_CACHE= processes
grep -rl "$needle" . $OFFLAB_CACHE; echo "found $?"
ls | grep -c '^core'; ls /tmp/core* core* 2> /dev/null | wc -l)sh");
  EXPECT_THAT(said, HasSubstr("2\nfound 1\n0\n0\n"));
}

}  // namespace
}  // namespace offlab::test
