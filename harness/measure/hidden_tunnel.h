// Routers with a tunnel between them that nobody can look into.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/frame.h"
#include "model/leg.h"

namespace offlab {

// What hides the flow where it leaves a router: "WireGuard", "ESP (IPsec)"; nothing where its packets are seen, or
// nothing of the kind is. Reads the beginning of the capture only.
std::optional<std::string> hidden_by(FrameSource& behind, const LegIntent& intent);

// By hop, what hides the flow behind it.
using HiddenHops = std::vector<std::optional<std::string>>;

// The ends of such a tunnel are one device under test, from where packets come into the first to where they leave the
// last.
LegIntent joined_at_tunnels(LegIntent intent, const HiddenHops& hidden);

}  // namespace offlab
