// [measure]: how long, and how much is captured.
#pragma once

#include "config/mistakes.h"
#include "config/table_reader.h"
#include "model/scenario.h"

namespace offlab {

// Null gives the defaults.
MeasureOptions parse_measure(const TomlEntry* entry, Mistakes& mistakes);
Limits parse_limits(const TomlEntry* entry, Mistakes& mistakes);

}  // namespace offlab
