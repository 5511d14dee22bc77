// Which NICs of a machine forward, and to where.
#pragma once

#include <vector>

#include "model/machine_survey.h"

namespace offlab {

// A NIC that packets to be forwarded come in by.
struct ForwardingNic {
  const SurveyedLink* nic;
  std::vector<const SurveyedLink*> ways_out;  // links that they leave by; none where only this one is known
};

enum class Forwards { no, yes, not_seen };

struct ForwardingPaths {
  Forwards forwards = Forwards::not_seen;
  std::vector<ForwardingNic> nics = {};
};

// Routing between links that forward, VLANs and bonds taken apart to their NICs, and bridging between the ports of a
// bridge. Where it was not seen whether the machine forwards, all of its links are taken to do so. A link that is down
// forwards nothing.
ForwardingPaths forwarding_paths(const MachineSurvey& survey);

// The smallest MTU that packets which came in by the NIC leave by.
std::optional<unsigned> smallest_mtu_out(const ForwardingNic& nic);

}  // namespace offlab
