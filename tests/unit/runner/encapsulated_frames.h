// The same packets in other headers: tunnels, tags and links. Each takes Ethernet frames and makes frames of the same
// times. A tunnel's outer packets go between two addresses of their own. Pure.
#pragma once

#include "unit/runner/captured_pair.h"

namespace offlab {

// In the Ethernet header.
Frames with_vlan(Frames frames, std::uint16_t tag);
Frames with_two_vlans(Frames frames);  // 802.1Q in 0x9100
Frames in_snap(Frames frames);         // 802.3 with LLC and SNAP; its length says 1500 where the frame is longer
Frames in_mpls(Frames frames);
Frames in_pppoe(Frames frames);

// Whole frames in a packet.
Frames in_vxlan(Frames frames);
Frames in_geneve(Frames frames);
Frames in_gretap(Frames frames);
Frames in_erspan_1(Frames frames);
Frames in_erspan_2(Frames frames);
Frames in_erspan_3(Frames frames);
Frames in_tzsp(Frames frames);

// Packets in a packet.
Frames in_gre(Frames frames);
Frames in_ipv4(Frames frames);  // IPIP, and 6in4

// Other links than Ethernet, by their LINKTYPE_* of tcpdump.org. What is not IP goes away where the link has only that.
struct LinkFrames {
  std::uint32_t link_type = 1;
  Frames frames;
};
LinkFrames on_raw_ip(const Frames& frames);
LinkFrames on_ppp(const Frames& frames);
LinkFrames on_cisco_hdlc(const Frames& frames);
LinkFrames on_nflog(const Frames& frames);
LinkFrames on_loopback(const Frames& frames);
// As of Linux's `any` device: the direction is the router's.
LinkFrames on_cooked(const Frames& frames);
LinkFrames on_cooked_2(const Frames& frames, std::uint32_t interface);

}  // namespace offlab
