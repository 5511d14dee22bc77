#include "measure/guest_features.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"

namespace offlab {

GuestFeatures parse_guest_features(const std::string& ethtool_json) {
  const nlohmann::json document = try_parse_json(ethtool_json).value_or(nlohmann::json());
  if (!document.is_array() || document.empty() || !document[0].is_object())
    throw Error(fmt::format("`ethtool --json -k` printed no feature list but '{}'", ethtool_json.substr(0, 80)));
  GuestFeatures features;
  for (const auto& [name, state] : document[0].items()) {
    if (!state.is_object()) continue;  // "ifname"
    const auto active = state.find("active");
    const auto fixed = state.find("fixed");
    if (active == state.end() || !active->is_boolean() || fixed == state.end())
      throw Error(fmt::format("`ethtool --json -k` printed no state for feature '{}'", name));
    features[name] = {active->get<bool>(), fixed->is_boolean() && fixed->get<bool>()};
  }
  return features;
}

}  // namespace offlab
