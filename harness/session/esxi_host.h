// From a file to an ESXi host that can be asked.
#pragma once

#include <string>

#include "model/existing_machine.h"

namespace offlab {

// With its files found: beside the file, or below "~/". Throws UsageError with every mistake in the file.
MachineLogin load_esxi_host(const std::string& file);

}  // namespace offlab
