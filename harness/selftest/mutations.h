// Defects, one at a time, in what a healthy leg showed: does every invariant see its own, and only its own?
#pragma once

#include <string>
#include <vector>

#include "selftest/recorded_leg.h"

namespace offlab {

struct Mutation {
  std::string name;     // "cleared-df"
  Invariant invariant;  // the one that must trip
  std::string what;     // what was changed, for people
  void (*change)(RecordedLeg& leg);
  std::vector<Invariant> also = {};  // trip as well, as they must: what never leaves is lost, too
};

// At least one for each invariant.
const std::vector<Mutation>& mutations();

}  // namespace offlab
