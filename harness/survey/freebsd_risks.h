// The hazards of docs/hazards.md on FreeBSD, pfSense and OPNsense.
#pragma once

#include "model/machine_survey.h"
#include "model/risk.h"

namespace offlab {

// As risks_of. offlab was not tried on FreeBSD; the sources are
//   vmx, LRO on: FreeBSD bug 219672, comment 3, quoted in vmware/open-vm-tools#166: with DF the router drops merged
//     packets and answers "need to frag";
//   xn: the title of FreeBSD bug 273046;
//   vtnet(4): the hypervisor's LRO may be bad for forwarding, and hw.vtnet.lro_disable chooses between it and
//   FreeBSD's; FreeBSD's own LRO, which em, igb, igc, ix, ixl, ice and iavf have: sys/netinet/tcp_lro.c and
//   sys/net/iflib.c refuse
//     to merge while net.inet.ip.forwarding or net.inet6.ip6.forwarding is on;
//   bridges: sys/net/if_bridge.c takes LRO from its members (BRIDGE_IFCAPS_STRIP) and gives back what they had;
//   the switches: docs.opnsense.org/manual/interfaces_settings.html, and the text of pfSense's in open-vm-tools#166.
// H02, H03, H04, H06 and H08 are facts of Linux' drivers and of what Linux sends: they have no row. FreeBSD keeps no
// segment size for what it forwards, so whatever is merged is refused or cut into fragments.
std::vector<RiskRow> freebsd_risks(const MachineSurvey& survey);

}  // namespace offlab
