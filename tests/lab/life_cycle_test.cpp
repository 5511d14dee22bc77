// Labs that stay: started, used, ended, killed.
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class LifeCycle : public StayingLab {};

TEST_F(LifeCycle, ALabIsUsedAndEndsWithinASecond) {
  up();
  EXPECT_THAT(ask({"list"}).output, HasSubstr("up"));
  const Answer status = ask({"status"});
  EXPECT_EQ(status.status, 0);
  for (const char* words : {"router (router", "vmxnet3", "tap router-wan", "answers"})
    EXPECT_THAT(status.output, HasSubstr(words));

  const Answer exec = ask({"exec", "router", "sh", "-c", "echo out; exit 7"});
  EXPECT_EQ(exec.status, 7);
  EXPECT_EQ(exec.output, "out\n");
  EXPECT_EQ(ask({"ssh", "router", "--", "ls", "-d", "/root"}).output, "/root\n");
  EXPECT_THAT(ask({"exec", "stranger", "true"}).output, HasSubstr("it has router, client, server"));

  const Answer set = ask({"set", "router.lro=on"});
  EXPECT_EQ(set.status, 0) << set.output;
  EXPECT_THAT(set.output, HasSubstr("router.wan.lro = on"));
  EXPECT_THAT(in_guest("router", "ethtool -k wan"), HasSubstr("large-receive-offload: on"));
  EXPECT_THAT(ask({"set", "router.model=virtio"}).output, HasSubstr("needs a new machine"));

  const std::vector<pid_t> processes = processes_of("demo");
  Program down({"down"}, {}, environment());
  EXPECT_EQ(down.wait(seconds(1)), 0) << down.output();
  EXPECT_TRUE(survivors(processes).empty());
  EXPECT_FALSE(fs::exists(cache_ / "labs/demo"));
  EXPECT_EQ(host_state(), before_);
}

TEST_F(LifeCycle, AForegroundLabEndsWithItsCommandHoweverThatEnds) {
  for (const int signal : {SIGTERM, SIGKILL}) {
    Program up({"up", demo_file, "--foreground"}, {}, environment());
    ASSERT_TRUE(up.until(seconds(120), [&] { return up.output().find("lab 'demo' is up") != std::string::npos; }));
    EXPECT_EQ(in_guest("router", "echo here"), "here\n");
    const std::vector<pid_t> processes = processes_of("demo");
    up.signal(signal);
    EXPECT_EQ(up.wait(seconds(5)), signal == SIGTERM ? 0 : 128 + SIGKILL);
    EXPECT_TRUE(eventually(seconds(5), [&] { return !fs::exists(cache_ / "labs/demo"); }));
    EXPECT_TRUE(survivors(processes).empty());
  }
  EXPECT_EQ(host_state(), before_);
}

// The text between a section's title and the next one.
std::string section(const std::string& text, const std::string& name) {
  const std::string title = "==> " + name + " <==\n";
  const auto begin = text.find(title);
  if (begin == std::string::npos) return "";
  return text.substr(begin + title.size(), text.find("\n==> ", begin) + 1 - begin - title.size());
}

// "     pkts rx err" of "     pkts rx err: 0" and so on: what the values are changes all the time.
std::vector<std::string> names_of(const std::string& statistics) {
  std::vector<std::string> names;
  std::istringstream lines(statistics);
  for (std::string line; std::getline(lines, line);) names.push_back(line.substr(0, line.rfind(':')));
  return names;
}

TEST_F(LifeCycle, TheStateReaderTellsWhatEthtoolTells) {
  up();
  for (const auto& [node, nic] : std::map<std::string, std::string>{{"router", "wan"}, {"client", "lan"}}) {
    const std::string state = in_guest(node, "offlab-state -s " + nic);
    const auto theirs = nlohmann::json::parse(in_guest(node, "ethtool --json -k " + nic), nullptr, false);
    const auto ours = nlohmann::json::parse(section(state, "ethtool -k " + nic), nullptr, false);
    ASSERT_TRUE(theirs.is_array()) << node;
    EXPECT_EQ(ours, theirs) << node;
    EXPECT_EQ(names_of(section(state, "ethtool -S " + nic)), names_of(in_guest(node, "ethtool -S " + nic)));
    EXPECT_EQ(section(state, "mtu " + nic), "1500\n");
    EXPECT_THAT(state, HasSubstr("\n==> end <==\n"));
  }
  in_guest("router", "echo 'first mark' > /dev/kmsg; echo 'second mark' > /dev/kmsg; echo after > /dev/kmsg");
  const std::string log = section(in_guest("router", "offlab-state -l mark"), "kernel log");
  EXPECT_THAT(log, HasSubstr("] second mark\n"));
  EXPECT_THAT(log, HasSubstr("] after\n"));
  EXPECT_THAT(log, Not(HasSubstr("first mark")));
}

// Its address is none of the guest's: a kernel that answered for it would reset the connections.
TEST_F(LifeCycle, TheBackgroundSenderIsBoundedAndStaysInTheLab) {
  up();
  const auto send = [&](const std::string& interface, const std::string& bounds) {
    return in_guest("server", "offlab-background send --interface " + interface +
                                  " --address 198.18.2.250 --port 5203 --streams 2 --object 60000 --every 100 --rate "
                                  "20000000 --segments 5 " +
                                  bounds);
  };
  const std::string open_stdin = " <> /tmp/open";  // which never ends
  for (const char* node : {"server", "client"}) in_guest(node, "mkfifo /tmp/open");
  EXPECT_THAT(send("mgmt", "--seconds 1 --bytes 1"), HasSubstr("mgmt: the interface is none of a lab's"));
  EXPECT_THAT(send("wan", "--seconds 1"), HasSubstr("--bytes is missing"));
  EXPECT_THAT(
      in_guest("client", "offlab-background receive --address 10.0.0.1 --port 5203 --streams 1 --seconds 1 --bytes 1"),
      HasSubstr("not an address in 198.18.0.0/15"));
  EXPECT_THAT(send("wan", "--seconds 60 --bytes 1000 < /dev/null"), HasSubstr("\"end\": \"input\""));
  EXPECT_THAT(send("wan", "--seconds 1 --bytes 1000" + open_stdin), HasSubstr("\"end\": \"time\""));
  send("wan", "--seconds 30 --bytes 200000" + open_stdin + " > /tmp/sent 2>&1 & sleep 0.5");
  const std::string received = in_guest("client",
                                        "offlab-background receive --address 198.18.2.250 --port 5203 --streams 2 "
                                        "--seconds 30 --bytes 1000000" +
                                            open_stdin);
  EXPECT_THAT(received, HasSubstr("connected\n"));
  EXPECT_THAT(received, HasSubstr("\"end\": \"closed\"")) << "the sender's reset";
  const std::string sent = in_guest("server", "cat /tmp/sent");
  EXPECT_THAT(sent, HasSubstr("\"end\": \"bytes\""));
  const auto report = nlohmann::json::parse(sent.substr(sent.find('{')), nullptr, false);
  ASSERT_TRUE(report.is_object()) << sent;
  EXPECT_GE(report["sent_bytes"], 200'000);
  EXPECT_LT(report["sent_bytes"], 210'000);
}

TEST_F(LifeCycle, ACaptureShowsFramesAsTheyPass) {
  up();
  Program capture({"capture", "router", "wan"}, {"sh", "-c", "timeout -s INT 20 \"$@\" | tshark -l -n -r -", "sh"},
                  environment());
  ASSERT_TRUE(capture.until(seconds(15), [&] {
    in_guest("client", "ping -c 1 198.18.2.2");
    return capture.output().find("Echo (ping) reply") != std::string::npos;
  })) << capture.output();
}

TEST_F(LifeCycle, CasesRunInItAndLeaveItAsItWas) {
  up();
  ASSERT_EQ(ask({"set", "router.gso=off", "client.mtu=1400", "wan.hypervisor.lro=passthrough"}).status, 0);
  const Answer run = ask({"verify", demo_file, "--lab", "demo", "--duration", "1", "--out", cache_ / "run"}, 120);
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_EQ(find_case(read_json(cache_ / "run/run.json"), "broken")["class"], "lro-orphan-storm");
  EXPECT_EQ(in_guest("client", "cat /sys/class/net/lan/mtu"), "1400\n");
  EXPECT_THAT(in_guest("router", "ethtool -k wan"), HasSubstr("generic-segmentation-offload: off"));
  EXPECT_THAT(ask({"status"}).output, HasSubstr("takes coalesced packets: yes, hypervisor.lro=passthrough\n"));
  const Answer fixed = ask({"set", "client.lro=on"});
  EXPECT_EQ(fixed.status, 2);
  EXPECT_THAT(fixed.output, HasSubstr("error: client's lan has lro fixed off"));
  const Answer other = ask({"run", topologies + "virtio-router.toml", "--lab", "demo"});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.output, HasSubstr("router's NIC on lan has model vmxnet3 in the lab, virtio here"));
}

TEST_F(LifeCycle, TwoLabsOfOneFileLiveSideBySideAndOneMayBeKilled) {
  up();
  up();
  EXPECT_EQ(ask({"exec", "router", "true"}).status, 2);  // which?
  for (const char* lab : {"demo", "demo-2"})
    EXPECT_EQ(ask({"exec", "--lab", lab, "router", "echo", lab}).output, std::string(lab) + "\n");
  const std::vector<pid_t> processes = processes_of("demo");
  kill(supervisor_of("demo"), SIGKILL);
  EXPECT_TRUE(survivors(processes).empty());
  EXPECT_THAT(ask({"list"}).output, HasSubstr("dead"));
  EXPECT_THAT(ask({"gc"}).output, HasSubstr("removed what lab 'demo' left"));
  EXPECT_THAT(ask({"list"}).output, Not(HasSubstr("dead")));
  EXPECT_EQ(ask({"exec", "router", "true"}).status, 0);
  EXPECT_EQ(ask({"down"}).status, 0);
  EXPECT_EQ(host_state(), before_);
}

TEST_F(LifeCycle, APanicIsNamedWhereverItIsMet) {
  up();
  const Answer crash = ask({"exec", "router", "echo c > /proc/sysrq-trigger"}, 30);
  EXPECT_EQ(crash.status, 3);
  EXPECT_THAT(crash.output, HasSubstr("Kernel panic"));
  const Answer status = ask({"status"});
  EXPECT_EQ(status.status, 3);
  EXPECT_THAT(status.output, HasSubstr("Kernel panic - not syncing: sysrq triggered crash"));
  const Answer run = ask({"run", demo_file, "--lab", "demo", "--out", cache_ / "run"});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.output, HasSubstr("guest 'router' panicked"));
  EXPECT_EQ(ask({"exec", "client", "true"}).status, 0);
}

TEST_F(LifeCycle, AnInterruptBeforeItIsUpLeavesNothing) {
  Program program({"up", demo_file}, {}, environment());
  ASSERT_TRUE(program.until(seconds(60), [&] { return program.output().find("boot") != std::string::npos; }));
  const std::vector<pid_t> processes = program.descendants();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(seconds(4)), 130) << program.output();
  EXPECT_TRUE(survivors(processes).empty());
  EXPECT_THAT(ask({"list"}).output, HasSubstr("no lab is up"));
  EXPECT_EQ(host_state(), before_);
}

// With descriptors 0 and 1 closed, the lock of a lab became one of them.
TEST_F(LifeCycle, ALabThatIsStartedWithoutATerminalIsAliveAndLocked) {
  Program start({"up", demo_file}, {"sh", "-c", "exec \"$@\" <&- >&-", "sh"}, environment());
  ASSERT_EQ(start.wait(seconds(120)), 0) << start.output();
  EXPECT_THAT(ask({"list"}).output, HasSubstr(" up "));
  for (const char* part : {"labs", "memory", "warm"})
    for (const auto& entry : fs::recursive_directory_iterator(cache_ / part))
      if (entry.path().filename() == "lock" || entry.path().filename() == ".lock") {
        EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none)
            << entry.path();
      }
  EXPECT_EQ(fs::status(cache_.path()).permissions(), fs::perms::owner_all);
  const std::vector<pid_t> processes = processes_of("demo");
  EXPECT_EQ(ask({"down"}).status, 0);
  EXPECT_TRUE(survivors(processes).empty());
}

TEST_F(LifeCycle, AfterTheLockIsLostAllProcessesAreFound) {
  up();
  const std::vector<pid_t> processes = processes_of("demo");
  fs::remove(cache_ / "labs/demo/lock");
  EXPECT_THAT(ask({"list"}).output, HasSubstr(" dead "));
  EXPECT_THAT(ask({"gc"}).output, HasSubstr("removed what lab 'demo' left"));
  EXPECT_TRUE(survivors(processes).empty());
  EXPECT_EQ(host_state(), before_);
}

// Another process has the number that the supervisor had.
TEST_F(LifeCycle, DownEndsNoProcessThatOnlyHasTheNumber) {
  up();
  auto entry = read_json(cache_ / "labs/demo/lab.json");
  const std::vector<pid_t> processes = processes_of("demo");
  const pid_t stranger = fork();
  if (stranger == 0) {
    pause();
    _exit(0);
  }
  entry["supervisor"] = stranger;
  std::ofstream(cache_ / "labs/demo/lab.json") << entry;
  ask({"down"});
  EXPECT_EQ(waitpid(stranger, nullptr, WNOHANG), 0) << "it was ended";
  kill(stranger, SIGKILL);
  waitpid(stranger, nullptr, 0);
  EXPECT_TRUE(survivors(processes).empty());
}

}  // namespace
}  // namespace offlab::test
