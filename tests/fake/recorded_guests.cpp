#include "fake/recorded_guests.h"

#include <map>

#include "record/run_folder.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

const char* leg_of(Recording recording) {
  return recording == Recording::healthy ? "cases/02-hypervisor-lro/control" : "cases/02-hypervisor-lro/case";
}

}  // namespace

std::filesystem::path recorded_leg_folder(Recording recording) {
  return recorded_run_path / leg_of(recording);
}

const LegObservation& recorded_leg_files(Recording recording) {
  static const LegObservation healthy = RunFolder(recorded_run_path).read_leg(leg_of(Recording::healthy));
  static const LegObservation storm = RunFolder(recorded_run_path).read_leg(leg_of(Recording::storm));
  return recording == Recording::healthy ? healthy : storm;
}

const TapState& recorded_tap(NicModel model) {
  return recorded_leg_files(Recording::healthy)
      .before.taps.at(model == NicModel::vmxnet3 ? "router-wan" : "server-wan");
}

}  // namespace offlab
