// A guest interface's offloads, as `ethtool --json -k` tells them.
#pragma once

#include <map>
#include <string>

namespace offlab {

struct GuestFeature {
  bool active = false;
  bool fixed = false;  // "[fixed]"; ethtool does not tell it for a group such as tso: false then
  bool operator==(const GuestFeature&) const = default;
};

using GuestFeatures = std::map<std::string, GuestFeature>;  // canonical name -> state

// Throws Error when the text is not what ethtool prints.
GuestFeatures parse_guest_features(const std::string& ethtool_json);

}  // namespace offlab
