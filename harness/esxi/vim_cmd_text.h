// What an ESXi host's `vim-cmd vmsvc` prints. Pure. Sources: output of 7.0 hosts that others published; the forms of
// other releases were not at hand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "port/host_power.h"

namespace offlab {

struct ListedMachine {
  unsigned id = 0;
  std::string name;
  bool operator==(const ListedMachine&) const = default;
};

// `getallvms`: a table whose columns move with their contents, and notes of several lines in between.
std::vector<ListedMachine> parse_all_machines(std::string_view output);
// `power.getstate`. Throws Error for what is neither on nor off nor suspended; a suspended one does not run.
bool parse_power_state(std::string_view output);
// The Ethernet cards in `device.getdevices`.
std::vector<HostNic> parse_devices(std::string_view output);

}  // namespace offlab
