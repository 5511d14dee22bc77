// A lab on fakes: it starts, guests die or fall silent, and the error says which.
#include "lab/lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"

namespace offlab {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

using LabStart = DemoLab;
using LabLeg = DemoLab;

std::vector<std::string> stages(const RecordingObserver& observer) {
  std::vector<std::string> all;
  for (const event::LabStage& stage : observer.all<event::LabStage>()) all.push_back(stage.stage);
  return all;
}

TEST_F(LabStart, MakesNetworksBootsGuestsAndConfiguresThem) {
  Lab lab = this->lab();
  lab.start();
  EXPECT_EQ(stages(world.observer), (std::vector<std::string>{"networks", "boot", "configure", "ready"}));
  EXPECT_TRUE(world.fabric.bridges.at("mgmt").reachable);
  EXPECT_FALSE(world.fabric.bridges.at("wan").reachable);
  EXPECT_EQ(world.hypervisor.running(), 3U);
  EXPECT_EQ(world.observer.all<event::NodeReady>().size(), 3U);
  EXPECT_EQ(world.shell.guest("router").files.at("/proc/sys/net/ipv4/ip_forward"), "1");
}

TEST_F(LabStart, EndsEveryGuestWithTheLab) {
  {
    Lab lab = this->lab();
    lab.start();
  }
  EXPECT_EQ(world.hypervisor.running(), 0U);
}

TEST_F(LabStart, ABridgeThatCannotBeMadeIsAnError) {
  world.fabric.refuses = "lan";
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }), "creating bridge 'lan': Operation not permitted");
}

TEST_F(LabStart, AGuestThatDoesNotStartIsNamed) {
  world.hypervisor.refuses["router"] = "starting domain 'router': out of memory";
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }),
            "node 'router' did not come up; serial log labs/lab-1/router.serial.log ends: (nothing): starting domain "
            "'router': out of memory");
}

TEST_F(LabStart, AGuestThatDoesNotComeUpIsNamedAfterItsDeadline) {
  world.shell.never_up = {"client"};
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }),
            "node 'client' did not come up; serial log labs/lab-1/client.serial.log ends: (nothing): ssh on client: "
            "boot of client: no answer within 90 s");
}

// The others would take long; the lab does not wait for them.
TEST_F(LabStart, AGuestThatDiesInBootEndsEveryWait) {
  world.shell.boot_time = seconds(85);
  world.hypervisor.ends["router"] = {seconds(2), GuestEnd::crashed, "Loading Linux ...\n"};
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }),
            "guest 'router' crashed during boot; serial log labs/lab-1/router.serial.log ends: 'Loading Linux ...'");
  EXPECT_EQ(world.clock.now(), world.hypervisor.ended_at("router"));
  EXPECT_EQ(stages(world.observer).back(), "boot");
}

TEST_F(LabStart, AKernelPanicIsCalledSo) {
  world.hypervisor.ends["server"] = {seconds(1), GuestEnd::shut_down, "[ 1.0] Kernel panic - not syncing: sysrq\n"};
  Lab lab = this->lab();
  EXPECT_THAT(error_of([&] { lab.start(); }), HasSubstr("guest 'server' panicked during boot; serial log "));
}

TEST_F(LabStart, AGuestThatDiesInItsConfigurationIsNamed) {
  world.shell.react("client", "offlab-state", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
    world.hypervisor.end("client", GuestEnd::gone);
    throw Error("the connection is lost");
  });
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }),
            "guest 'client' ended: its QEMU process is gone during configure; serial log "
            "labs/lab-1/client.serial.log ends: (nothing)");
}

TEST_F(LabStart, AConfigurationThatFailsSaysWhichCommandOfWhichNode) {
  world.shell.guest("server").fails = {"iperf3"};
  Lab lab = this->lab();
  const std::string text = error_of([&] { lab.start(); });
  EXPECT_THAT(text, HasSubstr("configuration on server: exit status 1: failed: iperf3 --server"));
}

TEST_F(LabStart, AGuestThatFallsSilentInItsConfigurationIsNamedAfterItsDeadline) {
  world.shell.react("client", "offlab-state", world.shell.silence());
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }), "ssh on client: configuration on client: no answer within 60 s");
  EXPECT_EQ(stages(world.observer).back(), "configure");
}

TEST_F(LabStart, ANodeThatDoesNotTellItsOffloadsIsAnError) {
  world.shell.react("router", "offlab-state", FakeNodeShell::ends_with(0, ""));
  Lab lab = this->lab();
  EXPECT_EQ(error_of([&] { lab.start(); }), "router did not tell the offloads of lan");
}

TEST_F(LabStart, ATapWithoutAHeaderIsRefusedWithARemedy) {
  world.hypervisor.no_header = {"server-wan"};
  Lab lab = this->lab();
  try {
    lab.start();
    FAIL() << "the lab started";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("tap 'server-wan' of a virtio NIC has no vnet_hdr"));
    EXPECT_EQ(error.remedy(), "use libvirt 9.0 or newer");
  }
}

TEST_F(LabStart, AStopIsNoError) {
  world.clock.after(seconds(1), [&] { stop.request_stop(); });
  Lab lab = this->lab();
  EXPECT_THROW(lab.start(), Interrupted);
}

// Its steps are those of a plan; the silent node is asked once more, and the others are, too.
TEST_F(LabLeg, NamesTheNodeThatFellSilent) {
  Lab lab = this->lab();
  lab.start();
  world.shell.react("server", "", world.shell.silence());
  LegObservation seen;
  const std::string text =
      error_of([&] { lab.perform(fixed(), leg_of(fixed(), LegRole::control), temp.path(), seen); });
  EXPECT_EQ(text,
            "guest 'server' does not answer, serial log labs/lab-1/server.serial.log ends: (nothing): ssh on server: "
            "settings of this case on server: no answer within 20 s");
}

TEST_F(LabLeg, SaysNothingOfNodesThatAnswer) {
  Lab lab = this->lab();
  lab.start();
  world.shell.guest("client").fails = {"ping"};
  LegObservation seen;
  EXPECT_THAT(error_of([&] { lab.perform(fixed(), leg_of(fixed(), LegRole::control), temp.path(), seen); }),
              testing::StartsWith("no way from client to 198.18.2.2: 10 pings unanswered"));
}

// A stop makes every node silent; none of them is to blame.
TEST_F(LabLeg, BlamesNoNodeForAStop) {
  Lab lab = this->lab();
  lab.start();
  world.shell.react("server", "", world.shell.silence());
  world.clock.after(seconds(21), [&] { stop.request_stop(); });
  LegObservation seen;
  EXPECT_EQ(error_of([&] { lab.perform(fixed(), leg_of(fixed(), LegRole::control), temp.path(), seen); }),
            "ssh on server: settings of this case on server: no answer within 20 s");
}

TEST_F(LabLeg, AGuestThatDiesInATransferIsNamedWithCaseAndLeg) {
  Lab lab = this->lab();
  lab.start();
  LegObservation seen;
  world.clock.after(seconds(1), [&] { world.hypervisor.end("router", GuestEnd::crashed); });
  EXPECT_EQ(error_of([&] { lab.perform(broken(), leg_of(broken(), LegRole::measured), temp.path(), seen); }),
            "guest 'router' crashed during case 'broken', case; serial log labs/lab-1/router.serial.log ends: "
            "(nothing)");
  EXPECT_EQ(world.observation.running, 0);
  EXPECT_GE(seen.samples.size(), 18U);  // of two taps, in a second
}

TEST_F(LabLeg, NothingIsDoneInALabWhoseGuestDied) {
  Lab lab = this->lab();
  lab.start();
  world.hypervisor.end("server", GuestEnd::destroyed);
  lab.resume();
  EXPECT_THAT(error_of([&] { lab.visit("settings", [](const Lab::Access&) { FAIL() << "it was visited"; }); }),
              testing::StartsWith("guest 'server' was destroyed during settings; "));
}

TEST_F(LabLeg, AnInterruptionEndsWhatGoesOnAndTheLabGoesOn) {
  Lab lab = this->lab();
  lab.start();
  lab.interrupt();
  EXPECT_THROW(lab.visit("settings", [](const Lab::Access&) {}), Interrupted);
  lab.resume();
  bool visited = false;
  lab.visit("settings", [&](const Lab::Access&) { visited = true; });
  EXPECT_TRUE(visited);
  stop.request_stop();
  lab.resume();  // there is no way back from a stop
  EXPECT_THROW(lab.visit("settings", [](const Lab::Access&) {}), Interrupted);
}

}  // namespace
}  // namespace offlab
