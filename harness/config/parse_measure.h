// [measure]: how long, and how much is captured.
#pragma once

#include "config/mistakes.h"
#include "config/table_reader.h"
#include "model/scenario.h"

namespace offlab {

// Null gives the defaults.
// "3s" or a number of seconds, and "64MB" or a number of bytes, within the key's bounds.
std::optional<double> read_seconds(const TomlEntry* entry, const FileKey& key, Mistakes& mistakes);
std::optional<ByteCount> read_bytes(const TomlEntry* entry, const FileKey& key, Mistakes& mistakes);

MeasureOptions parse_measure(const TomlEntry* entry, Mistakes& mistakes);
Limits parse_limits(const TomlEntry* entry, Mistakes& mistakes);

}  // namespace offlab
