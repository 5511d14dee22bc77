// The rules for names. A name that breaks them is a mistake; it is returned all the same, so that references to it
// still lead somewhere. Empty when the entry is null or no string.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/mistakes.h"
#include "config/table_reader.h"

namespace offlab {

// A small letter, then small letters, digits and '-'. Network names become parts of device names: at most 11
// characters, not "mgmt" or "lo". Node names are host names: at most 20. Flow names: at most 40.
// "hypervisor" is taken by the settings.
std::string read_network_name(const TomlEntry* entry, Mistakes& mistakes);
std::string read_node_name(const TomlEntry* entry, Mistakes& mistakes);
std::string read_flow_name(const TomlEntry* entry, Mistakes& mistakes);

// What Linux and FreeBSD take as an interface's name: at most 15 letters, digits, '_', '-' and '.'.
bool is_interface_name(std::string_view text);
// A word that may become a part of a path (base/file_name.h).
std::optional<std::string> read_file_name(const TomlEntry* entry, Mistakes& mistakes);

}  // namespace offlab
