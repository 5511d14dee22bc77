// How much a command shows, and how.
#pragma once

#include <string>

#include "report/colour.h"

namespace offlab {

struct Display {
  bool quiet = false;        // verdicts and summaries; of what happens meanwhile errors alone
  bool verbose = false;      // every finding, and every step as a line
  bool json = false;         // nothing for people: events and results for a program (docs/run-json.md)
  std::string command = {};  // with `json`: the program is told which it is
  ColourChoice colour = ColourChoice::automatic;
};

}  // namespace offlab
