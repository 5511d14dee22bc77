// Files of lab hosts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/lab_host.h"

namespace offlab {

struct ParsedHosts {
  std::optional<std::vector<PoolHost>> hosts;  // at least one; only when there are no diagnostics
  Diagnostics diagnostics;                     // ordered by position
};

// `file` is the name that diagnostics carry; it is not opened.
ParsedHosts parse_hosts(std::string_view text, const std::string& file);

}  // namespace offlab
