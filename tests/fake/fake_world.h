// All that a lab needs of the world, in memory: the machines of topologies/demo.toml as a real run of the same machines
// had them.
#pragma once

#include "fake/fake_clock.h"
#include "fake/fake_fabric.h"
#include "fake/fake_hypervisor.h"
#include "fake/fake_node_shell.h"
#include "fake/fake_observation.h"
#include "fake/fake_saved_guests.h"
#include "fake/fake_taps.h"
#include "fake/fake_traffic.h"
#include "fake/recording_observer.h"
#include "lab/lab.h"

namespace offlab {

struct FakeWorld {
  FakeWorld();

  FakeClock clock;
  FakeTaps taps;
  FakeTraffic traffic{clock};
  FakeHypervisor hypervisor{clock, taps};
  FakeNodeShell shell{clock, hypervisor, traffic};
  FakeFabric fabric{taps};
  FakeInjection injection{taps};
  FakeObservation observation{taps, traffic};
  FakeSavedGuests saved;
  RecordingObserver observer;

  // Every guest boots.
  LabPorts ports() { return {hypervisor, shell, fabric, injection, observation, observer, clock}; }
  LabPorts ports_with_saved_guests() {
    return {hypervisor, shell, fabric, injection, observation, observer, clock, &saved};
  }
  // What guests and iperf3 show of the next transfers: the healthy one until something else is played.
  void play(Recording recording);
  // Its captures as well: a megabyte each, so only where they are judged.
  void play_captures(Recording recording);
};

}  // namespace offlab
