#include "model/leg.h"

#include <algorithm>

namespace offlab {

std::string_view to_string(LegRole role) {
  switch (role) {
    case LegRole::control:
      return "control";
    case LegRole::measured:
      return "case";
    case LegRole::reference:
      return "reference";
  }
  return "?";
}

const NicIntent* find_nic(const LegIntent& intent, const NicRef& nic) {
  const auto found =
      std::find_if(intent.nics.begin(), intent.nics.end(), [&](const NicIntent& one) { return one.nic == nic; });
  return found == intent.nics.end() ? nullptr : &*found;
}

std::string device_name(const HopIntent& hop) {
  return hop.far_router.empty() ? hop.hop.router : hop.hop.router + " to " + hop.far_router + " (" + hop.tunnel + ")";
}

NicRef egress_nic(const HopIntent& hop) {
  return {hop.far_router.empty() ? hop.hop.router : hop.far_router, hop.hop.egress};
}

std::vector<std::string> routers_of(const HopIntent& hop) {
  std::vector<std::string> routers = {hop.hop.router};
  if (!hop.far_router.empty()) routers.push_back(hop.far_router);
  return routers;
}

}  // namespace offlab
