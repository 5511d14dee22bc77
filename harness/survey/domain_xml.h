// A virtual machine's NICs, as libvirt defines them.
#pragma once

#include <string>

#include "model/machine_survey.h"

namespace offlab {

// Adds what `virsh dumpxml DOMAIN` says of the NICs: model, MTU, and the virtio features that are forbidden. A NIC with
// a known MAC address is completed; any other one becomes a link of its own, named after its tap or its MAC address.
// Throws Error for a text that is no domain.
void add_domain(MachineSurvey& survey, const std::string& xml);

}  // namespace offlab
