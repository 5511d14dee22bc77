// A file that says how ESXi hosts are reached, and what a change of their settings takes: `offlab host ... --host
// FILE`, and `hypervisor.host` of a topology file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "model/esxi_host.h"

namespace offlab {

struct ParsedEsxiHost {
  std::optional<EsxiHosts> host;  // only when there are no diagnostics; paths are as they stand in the file
  Diagnostics diagnostics;        // ordered by position
};

// `file` is the name that diagnostics carry; it is not opened.
ParsedEsxiHost parse_esxi_host(std::string_view text, const std::string& file);

}  // namespace offlab
