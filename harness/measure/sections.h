// Text in sections: "==> NAME <==", as head and tail print them.
#pragma once

#include <map>
#include <string>

#include "model/observation.h"

namespace offlab {

// Name -> text. A text without the final section "end" was cut short: its last section is left out, since nobody knows
// whether it is whole.
std::map<std::string, std::string> parse_sections(const std::string& text);

using NodeSections = std::map<std::string, std::map<std::string, std::string>>;  // node -> section -> text

NodeSections sections_of(const Snapshot& snapshot);

}  // namespace offlab
