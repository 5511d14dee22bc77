#include "model/recorded.h"

namespace offlab {

std::string_view to_string(Recorded recorded) {
  switch (recorded) {
    case Recorded::recorded:
      return "recorded";
    case Recorded::skipped:
      return "skipped";
    case Recorded::broken:
      return "broken";
    case Recorded::left_out:
      return "left-out";
  }
  return "?";
}

std::optional<Recorded> parse_recorded(std::string_view text) {
  for (const Recorded one : {Recorded::recorded, Recorded::skipped, Recorded::broken, Recorded::left_out})
    if (to_string(one) == text) return one;
  return std::nullopt;
}

}  // namespace offlab
