// What became of a case in its lab, before anything is judged.
#pragma once

#include <optional>
#include <string_view>

namespace offlab {

enum class Recorded {
  recorded,  // what was observed is in the run folder
  skipped,   // the guests cannot do what the case asks for
  broken,    // the lab broke in it
  left_out,  // the run's time was spent before it was its turn
};

std::string_view to_string(Recorded recorded);  // "recorded", "skipped", "broken", "left-out"
std::optional<Recorded> parse_recorded(std::string_view text);

}  // namespace offlab
