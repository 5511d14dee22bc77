// A file that says how an ESXi host is reached: `offlab host ... --host FILE`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "model/existing_machine.h"

namespace offlab {

struct ParsedEsxiHost {
  std::optional<MachineLogin> host;  // only when there are no diagnostics; paths are as they stand in the file
  Diagnostics diagnostics;           // ordered by position
};

// `file` is the name that diagnostics carry; it is not opened.
ParsedEsxiHost parse_esxi_host(std::string_view text, const std::string& file);

}  // namespace offlab
