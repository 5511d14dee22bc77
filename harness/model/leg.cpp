#include "model/leg.h"

namespace offlab {

std::string_view to_string(LegRole role) {
  return role == LegRole::control ? "control" : "case";
}

}  // namespace offlab
