// How offlab logs in: of a recipe's [login], and of machines that exist.
#pragma once

#include "config/table_reader.h"
#include "model/existing_machine.h"

namespace offlab {

struct ReadLogin {
  GuestLogin login;
  unsigned ways = 0;  // of key, password_file and password_variable: how many are there. More than one is a mistake
};

// The table may have further keys. Paths are as they stand in the file.
ReadLogin read_login(TableReader& reader, Mistakes& mistakes);

// [node.machine]
MachineLogin parse_machine(const PlacedTable& table, Mistakes& mistakes);
// capture = { host = "kvm1", interface = "vnet7" }
CaptureHost parse_capture(const PlacedTable& table, Mistakes& mistakes);

}  // namespace offlab
