// From a file to ESXi hosts that can be asked.
#pragma once

#include <string>

#include "model/esxi_host.h"

namespace offlab {

// With its files found: beside the file, or below "~/". Throws UsageError with every mistake in the file.
EsxiHosts load_esxi_host(const std::string& file);
// Throws UsageError where a file that it names is not there.
void check_files_of(const EsxiHosts& host);

}  // namespace offlab
