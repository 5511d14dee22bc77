// What guests print, as one leg of a run has it, measured in memory.
#pragma once

#include <string>
#include <vector>

#include "selftest/recorded_leg.h"

namespace offlab::fuzz {

// A leg whose texts are short and hold every section that is read, a kernel log with complaints among them.
RecordedLeg guest_leg();

// The texts of a leg that come from guests, and their names.
struct GuestText {
  std::string name;
  std::string* text;
};
std::vector<GuestText> guest_texts(RecordedLeg& leg);

// Measures the leg, looks at its iperf3 report as a running transfer does, and reads counters as `offlab analyze` does.
// Gives what is missing in it.
std::vector<std::string> measure_guest_output(const RecordedLeg& leg);

}  // namespace offlab::fuzz
