// Guests of a lab host's own libvirtd (ci/lab_libvirtd.py), which says whether the host is as it was.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* as_it_was = "lab_libvirtd: the host is as it was";

class LabHost : public StayingLab {
 protected:
  void SetUp() override {
    StayingLab::SetUp();
    for (const char* program : {"/usr/sbin/libvirtd", "/usr/sbin/virtlogd", "/usr/sbin/sshd", "/usr/bin/virsh"})
      if (!fs::exists(program)) GTEST_SKIP() << program << " is not installed";
  }

  // A script on the host; $offlab is the program, $out a folder.
  Answer on_host(const std::string& script) const {
    std::vector<std::string> variables = environment();
    variables.push_back("out=" + (scratch_ / "out").string());
    variables.push_back("file=" + source_folder() + "/topologies/demo.toml");
    const std::string host = source_folder() + "/ci/lab_libvirtd.py";
    Program program({}, {host, scratch_ / "host", "bash", "-c", "offlab=$0; " + script}, variables);
    const auto status = program.wait(std::chrono::seconds(240));
    return {status.value_or(-1), program.output()};
  }

  ScratchFolder scratch_;
};

TEST_F(LabHost, ShowsTheFaultAndIsLeftAsItWas) {
  const Answer answer = on_host("exec $offlab run $file --connect qemu:///system --out $out");
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("lro-orphan-storm"), HasSubstr("fixed   pass"), HasSubstr(as_it_was)));
}

TEST_F(LabHost, IsReachedOverSsh) {
  const Answer answer =
      on_host("exec $offlab run $file --case fixed --connect qemu+ssh://root@198.18.250.2/system --out $out");
  EXPECT_EQ(answer.status, 0) << answer.output;
  EXPECT_THAT(answer.output, HasSubstr(as_it_was));
}

// In each step of a run; the domains go with their connection.
TEST_F(LabHost, IsLeftAsItWasByARunThatIsKilled) {
  const Answer answer = on_host(R"(
for seconds in 2 3 5 9 13; do
  $offlab run $file --connect qemu:///system --out $out-$seconds > $out-$seconds.log 2>&1 &
  sleep $seconds
  kill -9 $!
done
sleep 1
$offlab gc
virsh -c qemu:///system list --name)");
  EXPECT_EQ(answer.status, 0) << answer.output;
  EXPECT_THAT(answer.output, AllOf(HasSubstr("its folder is removed"), HasSubstr("somebodys"), HasSubstr(as_it_was)));
}

TEST_F(LabHost, DomainsThatOutliveARestartOfLibvirtdAreGarbage) {
  const Answer answer = on_host(R"(
$offlab run $file --connect qemu:///system --out $out > $out.log 2>&1 &
run=$!
for i in $(seq 400); do grep -q 'lab-1: ready' $out.log && break; sleep 0.1; done
kill -9 $LIBVIRTD_PID $(pgrep -P $run) $run
rm -f /run/libvirt/libvirtd.pid
libvirtd -d
for i in $(seq 100); do virsh -c qemu:///system list --name 2>&1 | grep -q router && echo still there && break; sleep 0.1; done
$offlab gc)");
  EXPECT_EQ(answer.status, 0) << answer.output;
  EXPECT_THAT(answer.output,
              AllOf(HasSubstr("still there"), HasSubstr("and the domains offlab-"), HasSubstr(as_it_was)));
}

TEST_F(LabHost, WithoutLibvirtdSaysSo) {
  const Answer answer = on_host(R"(
kill -9 $LIBVIRTD_PID; rm -f /run/libvirt/*
$offlab run $file --case fixed --connect qemu:///system --out $out; echo status $?
libvirtd -d; sleep 3)");
  EXPECT_THAT(answer.output, AllOf(HasSubstr("is libvirtd running there?"), HasSubstr("status 3")));
}

}  // namespace
}  // namespace offlab::test
