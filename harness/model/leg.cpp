#include "model/leg.h"

#include <algorithm>

namespace offlab {

std::string_view to_string(LegRole role) {
  return role == LegRole::control ? "control" : "case";
}

const NicIntent* find_nic(const LegIntent& intent, const NicRef& nic) {
  const auto found =
      std::find_if(intent.nics.begin(), intent.nics.end(), [&](const NicIntent& one) { return one.nic == nic; });
  return found == intent.nics.end() ? nullptr : &*found;
}

}  // namespace offlab
