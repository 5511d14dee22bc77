// The links that captures are made on, brought to one form: an Ethernet header before the packet.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/frame.h"

namespace offlab {

enum class LinkLayer : std::uint8_t {
  ethernet,
  raw_ip,
  cooked,
  cooked_2,
  loopback,
  ppp,
  ppp_with_direction,
  ppp_of_pppd,
  pppoe,
  cisco_hdlc,
  cisco_hdlc_with_direction,
  mpls,
  ipnet,
  nflog,
  broadcom_tag,
  broadcom_tag_prepended,
  marvell_tag,
  marvell_tag_with_type,
};

// Of a LINKTYPE_* number of tcpdump.org; nothing for links that are not read here.
std::optional<LinkLayer> link_layer_of(std::uint32_t link_type);

// Sets bytes and length of `frame` to the packet behind an Ethernet header, and its direction and link_index where only
// the link's header has them. `bytes`: the frame as the file has it, of `length` bytes on the link. The 14 bytes before
// `bytes` are overwritten. A frame that was cut inside its link header keeps no bytes.
void set_link_bytes(LinkLayer link, std::span<std::uint8_t> bytes, std::uint32_t length, Frame& frame);

}  // namespace offlab
