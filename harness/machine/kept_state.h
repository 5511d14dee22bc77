// What an existing machine had before a run switched anything on it, and what brings that back. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "family/guest_family.h"
#include "plan/plan.h"

namespace offlab {

struct KeptState {
  std::string boot_id;  // of the machine's kernel: after another boot nothing is left to be put back
  // By device and by the machine's name of the feature: what was asked for, which the NIC need not have taken. Fixed
  // ones are left out.
  std::map<std::string, std::map<std::string, bool>> offloads = {};
  std::map<std::string, unsigned> mtus = {};  // by device
  std::map<GuestFile, std::string> files = {};
  bool operator==(const KeptState&) const = default;
};

// Shell that prints the state of what is switched there. It reads only.
std::string state_script(const GuestFamily& family, const Switched& switched);
// Throws Error that names what the machine did not tell.
KeptState parse_state(const GuestFamily& family, const std::string& output, const Switched& switched);

// All of it as shell commands, one for each NIC's offloads: for a machine that cannot be asked what it has now.
std::vector<std::string> commands_of(const GuestFamily& family, const KeptState& before);

// Shell commands that bring `before` back, one for each thing that differs now; empty when all is as it was. MTUs and
// files first, alone: a NIC that comes up again may come up with other offloads.
std::vector<std::string> commands_back(const GuestFamily& family, const KeptState& before, const KeptState& now);

}  // namespace offlab
