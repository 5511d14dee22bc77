// Text in sections: "==> NAME <==", as head and tail print them.
#pragma once

#include <map>
#include <string>

namespace offlab {

// Name -> text. A text without the final section "end" was cut short: its last section is left out, since nobody knows
// whether it is whole.
std::map<std::string, std::string> parse_sections(const std::string& text);

}  // namespace offlab
