// A guest's disk, and how machines are reached, as plans keep it.
#pragma once

#include "base/json.h"
#include "model/disk_image.h"
#include "model/existing_machine.h"

namespace offlab {

// No secret is in it: only where they are.
nlohmann::json disk_image_to_json(const DiskImage& image);
// Throws Error, or an exception of the library, for one that is none.
DiskImage disk_image_from_json(const nlohmann::json& object);

nlohmann::json machine_login_to_json(const MachineLogin& machine);
MachineLogin machine_login_from_json(const nlohmann::json& object);

}  // namespace offlab
