// A clue over the cases of a run, not a verdict on one: what comes out over IPv4 should come out over IPv6, and what
// comes out one way should come out the other way, where the settings are the same both ways. A router that differs has
// its fault in the code of one family, or of one NIC.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/leg.h"
#include "model/verdict.h"

namespace offlab {

// What a case was about.
struct CaseSettings {
  LegIntent intent;
  std::map<NicRef, std::string> nics;  // a text that is the same for NICs that are made alike
};

// The same settings, once over IPv4 and once over IPv6. Injected merging of one family only is no such pair.
bool differ_in_family_only(const CaseSettings& a, const CaseSettings& b);
// The same settings with the data going the other way, through devices and ends that are alike on both sides.
bool differ_in_direction_only(const CaseSettings& a, const CaseSettings& b);

// Adds a finding to every case that was judged and has a counterpart; a warning where their classes differ.
// `settings` are those of `cases`, one each.
void add_family_symmetry(const std::vector<CaseSettings>& settings, std::vector<CaseResult>& cases);

}  // namespace offlab
