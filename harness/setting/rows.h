// The table of settings.
#pragma once

#include <vector>

#include "setting/row.h"

namespace offlab {

const std::vector<Row>& setting_rows();

// The row of that scope and word. Throws std::logic_error when there is none.
const Row& setting_row(Scope scope, std::string_view word);

// The topology as a lab has it after its configuration: what only legs and `offlab set` switch is not switched yet.
Topology as_configured(Topology topology);

}  // namespace offlab
