#include "fake/fake_world.h"

namespace offlab {
namespace {

constexpr const char* nodes[] = {"router", "client", "server"};

}  // namespace

FakeWorld::FakeWorld() {
  for (const char* node : nodes) shell.add(node);
  shell.transfer_ended = [this] {
    for (const char* node : nodes) shell.guest(node).end_transfer();
  };
  observation.gives_up = [this] { clock.watch_no_longer(); };
  // QEMU's vmxnet3 sets its tap's offload word anew on what the guest does, and accepts merged frames where the guest
  // has LRO on.
  shell.guest("router").negotiates = [this](const std::string& interface) {
    const bool lro = shell.guest("router").active(interface, "large-receive-offload");
    taps.set_word("router-" + interface, {true, lro, lro});
  };
  play(Recording::healthy);
}

void FakeWorld::play(Recording recording) {
  const LegObservation& leg = recorded_leg_files(recording);
  shell.transfer = {leg.transfer.client_json, leg.transfer.client_stderr, leg.transfer.exit_status, {}};
  for (const char* node : nodes) shell.guest(node).play(recording);
}

void FakeWorld::play_captures(Recording recording) {
  observation.played = recorded_leg_folder(recording);
  observation.played_captures = recorded_leg_files(recording).captures;
}

}  // namespace offlab
