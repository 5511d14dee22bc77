// From a file to ESXi hosts that can be asked.
#pragma once

#include <string>

#include "model/esxi_host.h"

namespace offlab {

// With its files found: beside the file, or below "~/". Throws UsageError with every mistake in the file.
EsxiHosts load_esxi_host(const std::string& file);
// The same, for whoever is going to reach them: every file that it names is there.
EsxiHosts load_usable_esxi_host(const std::string& file);

}  // namespace offlab
