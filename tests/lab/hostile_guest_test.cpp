// Guests that attack whoever runs them: they flood every channel, lie, take another guest's address, die. And what a
// guest that broke out of its QEMU would find.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

std::uint64_t folder_bytes(const fs::path& folder) {
  std::uint64_t total = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) total += entry.file_size();
  return total;
}

// A line "NAME: 123 kB" of /proc/PID/status.
std::string status_line(pid_t process, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind(name + ":", 0) == 0) return line.substr(name.size() + 1);
  return "";
}

class HostileGuest : public StayingLab {
 protected:
  // Runs the healthy case in the lab.
  Answer run(const std::string& name) const {
    return ask({"run", demo_file, "--lab", "demo", "--case", "fixed", "--duration", "1", "--out", scratch_ / name});
  }
  // Puts a script in the place of a program of the guest; "real" is the program that was there.
  void replace(const std::string& node, const std::string& program, const std::string& script) const {
    const std::string command = "[ -e /tmp/real-" + program + " ] || cp $(command -v " + program + ") /tmp/real-" +
                                program + "; p=$(command -v " + program +
                                "); rm $p; cat > $p <<'X'\n#!/bin/sh\nreal=/tmp/real-" + program + "\n" + script +
                                "\nX\nchmod 755 $p";
    const Answer answer = ask({"exec", node, "sh", "-c", command});
    ASSERT_EQ(answer.status, 0) << answer.output;
  }
  void put_back(const std::string& node, const std::string& program) const {
    replace(node, program, "exec $real \"$@\"");
  }
  void in_background(const std::string& node, const std::string& command) const {
    const Answer answer = ask({"exec", node, "sh", "-c", "(" + command + ") > /dev/null 2>&1 < /dev/null &"});
    ASSERT_EQ(answer.status, 0) << answer.output;
  }
  // Of everything that runs for the lab, but QEMU.
  std::uint64_t peak_kilobytes() const {
    std::uint64_t total = 0;
    std::vector<pid_t> all = descendants_of(supervisor_of("demo"));
    all.push_back(supervisor_of("demo"));
    for (const pid_t one : all)
      if (status_line(one, "Name").find("qemu") == std::string::npos)
        total += std::strtoull(status_line(one, "VmHWM").c_str(), nullptr, 10);
    return total;
  }
  static Answer in_mounts_of(pid_t process, const std::string& command) {
    Program inside({}, {"sh", "-c", "nsenter --target " + std::to_string(process) + " --mount " + command});
    const auto status = inside.wait(seconds(10));
    return {status.value_or(-1), inside.output()};
  }
  std::vector<pid_t> emulators() const {
    std::vector<pid_t> found;
    for (const pid_t one : descendants_of(supervisor_of("demo")))
      if (status_line(one, "Name").find("qemu") != std::string::npos) found.push_back(one);
    return found;
  }

  ScratchFolder scratch_;
};

TEST_F(HostileGuest, AFloodOfEveryChannelIsBoundedAndNamed) {
  constexpr std::uint64_t most_memory = 64 * 1024;       // kB
  constexpr std::uint64_t most_disk = 50 * 1000 * 1000;  // bytes
  up();
  const Answer honest = run("honest");
  ASSERT_EQ(honest.status, 0) << honest.output;
  const std::uint64_t memory = peak_kilobytes();
  const std::uint64_t disk = folder_bytes(cache_ / "labs");
  fs::remove_all(scratch_ / "honest");

  in_background("router", "tr '\\0' A < /dev/zero | fold -w 100 > /dev/ttyS0");
  in_background("router", "while true; do echo AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA > /dev/kmsg; done");
  const auto expect_named = [&](const std::string& name, const std::string& node, const std::string& words) {
    const Answer answer = run(name);
    EXPECT_EQ(answer.status, 3) << answer.output;
    EXPECT_THAT(answer.output, HasSubstr(node));
    EXPECT_THAT(answer.output, HasSubstr(words));
  };
  replace("router", "offlab-state", "tr '\\0' x < /dev/zero");
  expect_named("output", "node 'router'", "printed more than");
  replace("router", "offlab-state", "tr '\\0' x < /dev/zero >&2");
  expect_named("errors", "ssh on router", "printed more than");
  put_back("router", "offlab-state");
  replace("client", "iperf3", "tr '\\0' '[' < /dev/zero");
  expect_named("report", "node 'client'", "printed more than");
  replace("client", "iperf3", "head -c 1000000 /dev/zero | tr '\\0' '['");
  const Answer deep = run("deep");
  EXPECT_EQ(deep.status, 4) << deep.output;

  EXPECT_THAT(ask({"status"}).output, HasSubstr("router (router"));
  EXPECT_LT(peak_kilobytes() - memory, most_memory);
  EXPECT_LT(folder_bytes(cache_ / "labs") - disk + folder_bytes(scratch_.path()), most_disk);
  const fs::path log = cache_ / "labs/demo/labs/demo/router.serial.log";
  // Where each character of an emulated serial port costs much, ten million of them take more than a minute.
  EXPECT_TRUE(eventually(seconds(150), [&] { return fs::exists(log.string() + ".1"); }));
  EXPECT_LT(fs::file_size(log), 10'000'000U);
}

TEST_F(HostileGuest, LiesAreErrorsThatNameTheGuest) {
  up();
  replace("router", "offlab-state", "$real \"$@\" | sed -E 's/[0-9]+/99999999999999999999999/g'");
  const Answer numbers = run("numbers");
  EXPECT_EQ(numbers.status, 3) << numbers.output;
  EXPECT_THAT(numbers.output, HasSubstr("guest 'router' printed '9999"));
  replace("router", "offlab-state", "$real \"$@\" | tr '\\n' '\\0'");
  EXPECT_THAT(run("sections").output, HasSubstr("guest 'router' printed no 'mtu lan'"));
  put_back("router", "offlab-state");
  replace("client", "iperf3",
          R"(echo '{"error":"x\u001b]0;t\u0007\nPASS         forged  [healthy]", "intervals":[{"sum":{"start":-1e308,)"
          R"("seconds":0,"bits_per_second":1e308}}]}')");
  const Answer forged = run("forged");
  EXPECT_EQ(forged.status, 4) << forged.output;
  EXPECT_THAT(forged.output, Not(HasSubstr("\nPASS")));
  EXPECT_THAT(forged.output, Not(HasSubstr("\033]")));
}

TEST_F(HostileGuest, IsKeptApartFromTheHostAndFromOtherGuests) {
  up();
  const std::vector<pid_t> all = emulators();
  ASSERT_EQ(all.size(), 3U);
  for (const pid_t one : all) {
    EXPECT_THAT(status_line(one, "Uid"), Not(HasSubstr("\t0")));
    EXPECT_THAT(status_line(one, "CapEff"), HasSubstr("\t0000000000000000"));
    EXPECT_THAT(status_line(one, "NoNewPrivs"), HasSubstr("1"));
    std::ifstream mounts("/proc/" + std::to_string(one) + "/mounts");
    std::string line;
    ASSERT_TRUE(std::getline(mounts, line));
    EXPECT_THAT(line, testing::ContainsRegex(" / [^ ]+ ro[, ]"));
    const Answer cache = in_mounts_of(one, "setpriv --reuid=64055 --regid=64055 --clear-groups ls /run/offlab/cache");
    EXPECT_NE(cache.status, 0);
    EXPECT_THAT(cache.output, HasSubstr("Permission denied"));
    EXPECT_NE(in_mounts_of(one, "touch /usr/x").status, 0);
  }
  for (const char* port : {"mgmt-0", "mgmt-1", "mgmt-2"}) {
    EXPECT_EQ(in_mounts_of(all[0], "cat /sys/class/net/" + std::string(port) + "/brport/isolated").output, "1\n")
        << port;
  }

  // It takes another guest's address, and does not answer in its place. The bridge sends to whom it heard last, which
  // would be the other one most of the time: it talks without a pause.
  const std::string address = in_guest("client", "cat /sys/class/net/mgmt/address");
  in_background("router", "sleep 1; ip link set mgmt down; ip link set mgmt address " + address.substr(0, 17) +
                              "; ip link set mgmt up; i=0; while [ $i -lt 200 ]; do "
                              "ping -6 -c 1 -W 1 -I mgmt ff02::1; i=$((i+1)); done > /dev/null 2>&1");
  EXPECT_TRUE(eventually(seconds(20), [&] {
    const Answer answer = ask({"exec", "client", "ip", "-o", "link", "show", "lan"});
    // The router's answer would have the router's address.
    if (answer.status == 0) {
      EXPECT_THAT(answer.output, HasSubstr("52:54:01:00:02:"));
    }
    return answer.output.find("presents another host key") != std::string::npos;
  }));
}

TEST_F(HostileGuest, OneThatDiesAtAnyStepIsNamed) {
  const std::vector<std::pair<std::string, std::string>> steps = {
      {"router", "offlab-state"}, {"client", "iperf3"}, {"client", "ping"}};
  for (const auto& [node, program] : steps) {
    up();
    replace(node, program, "poweroff -f");
    const Answer answer = run("dies-in-" + program);
    EXPECT_EQ(answer.status, 3) << answer.output;
    EXPECT_THAT(answer.output, HasSubstr("'" + node + "'")) << program;
    EXPECT_EQ(ask({"down", "--all"}).status, 0);
    EXPECT_EQ(host_state(), before_);
  }
}

}  // namespace
}  // namespace offlab::test
