// What real guests and their host printed in tests/data/recorded-run: the fakes say nothing else.
#pragma once

#include <filesystem>
#include <string>

#include "model/observation.h"
#include "model/topology.h"

namespace offlab {

// The legs whose text the guests have; both ran with LRO off, the second with merged frames forced on the router.
enum class Recording { healthy, storm };

// Its files. Nothing in it tells of a fixed-byte transfer.
std::filesystem::path recorded_leg_folder(Recording recording);
const LegObservation& recorded_leg_files(Recording recording);

// A tap as it was behind a NIC of this model before anything was forced.
const TapState& recorded_tap(NicModel model);

}  // namespace offlab
