// Does a kernel boot under this accelerator, and why not.
#include "lab/probe_boot.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "fake/fake_world.h"

namespace offlab {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class ProbeOfABoot : public testing::Test {
 protected:
  BootProbe probe() {
    DomainSpec spec;
    spec.name = "probe";
    return probe_boot(world.hypervisor, spec, Deadline("the probe", seconds(15), world.clock), stop.get_token());
  }
  void expect_failure(const std::string& reason) {
    const BootProbe failed = probe();
    EXPECT_FALSE(failed.booted);
    EXPECT_EQ(failed.reason, reason);
    EXPECT_EQ(world.hypervisor.running(), 0U);
  }

  FakeWorld world;
  std::stop_source stop;
};

TEST_F(ProbeOfABoot, AGuestThatShutsItselfDownHasBooted) {
  world.hypervisor.ends["probe"] = {seconds(2), GuestEnd::shut_down};
  const BootProbe booted = probe();
  EXPECT_TRUE(booted.booted);
  EXPECT_EQ(booted.reason, "");
  EXPECT_EQ(world.clock.now(), world.hypervisor.ended_at("probe"));
}

TEST_F(ProbeOfABoot, AnyOtherEndIsTheReason) {
  world.hypervisor.ends["probe"] = {seconds(2), GuestEnd::crashed};
  expect_failure("the guest crashed");
  world.hypervisor.ends["probe"] = {seconds(2), GuestEnd::gone};
  expect_failure("the guest ended: its QEMU process is gone");
}

TEST_F(ProbeOfABoot, AGuestThatHangsIsEndedAtTheDeadline) {
  world.clock.after(hours(1), [] {});  // time goes on meanwhile
  expect_failure("the guest's kernel did not come up in time");
  EXPECT_EQ(world.clock.seconds(), 15);
}

TEST_F(ProbeOfABoot, AGuestThatDoesNotStartIsTheReason) {
  world.hypervisor.refuses["probe"] = "starting domain 'probe': Could not access KVM kernel module";
  expect_failure("starting domain 'probe': Could not access KVM kernel module");
}

TEST_F(ProbeOfABoot, AStopEndsIt) {
  world.clock.after(seconds(1), [&] { stop.request_stop(); });
  EXPECT_THROW(probe(), Interrupted);
}

}  // namespace
}  // namespace offlab
