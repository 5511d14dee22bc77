#include "capture/link_types.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "capture/link_layer.h"

namespace offlab {
namespace {

// Numbers: pcap-common.c of libpcap.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 86> names = {{
    {0, "BSD loopback"},
    {1, "Ethernet"},
    {3, "AX.25"},
    {6, "Token Ring"},
    {7, "ARCNET"},
    {8, "SLIP"},
    {9, "PPP"},
    {10, "FDDI"},
    {12, "raw IP"},
    {14, "raw IP"},
    {50, "PPP in HDLC framing"},
    {51, "PPPoE"},
    {99, "Symantec Enterprise Firewall"},
    {100, "ATM (RFC 1483)"},
    {101, "raw IP"},
    {104, "Cisco HDLC"},
    {105, "IEEE 802.11"},
    {106, "IP over ATM"},
    {107, "Frame Relay"},
    {108, "OpenBSD loopback"},
    {109, "OpenBSD enc (IPsec)"},
    {113, "Linux cooked (v1)"},
    {114, "LocalTalk"},
    {117, "OpenBSD pflog"},
    {119, "IEEE 802.11 with Prism header"},
    {122, "IP over Fibre Channel"},
    {123, "SunATM"},
    {127, "IEEE 802.11 with radiotap"},
    {128, "TZSP"},
    {129, "ARCNET (Linux)"},
    {138, "IP over IEEE 1394"},
    {140, "MTP2"},
    {143, "DOCSIS"},
    {144, "IrDA"},
    {163, "IEEE 802.11 with AVS header"},
    {165, "BACnet MS/TP"},
    {166, "PPP of pppd"},
    {169, "GPRS LLC"},
    {182, "Multilink Frame Relay"},
    {186, "USB (FreeBSD)"},
    {187, "Bluetooth HCI"},
    {189, "USB (Linux)"},
    {190, "CAN 2.0B"},
    {192, "Per-Packet Information (often IEEE 802.11)"},
    {195, "IEEE 802.15.4"},
    {197, "Endace ERF"},
    {201, "Bluetooth HCI"},
    {203, "LAPD"},
    {204, "PPP with direction"},
    {205, "Cisco HDLC with direction"},
    {206, "Frame Relay with direction"},
    {215, "IEEE 802.15.4"},
    {219, "MPLS"},
    {220, "USB (Linux)"},
    {224, "Fibre Channel"},
    {225, "Fibre Channel"},
    {226, "Solaris ipnet"},
    {227, "SocketCAN"},
    {228, "raw IPv4"},
    {229, "raw IPv6"},
    {230, "IEEE 802.15.4"},
    {231, "D-Bus"},
    {239, "NFLOG"},
    {240, "netANALYZER"},
    {242, "IP over InfiniBand"},
    {247, "InfiniBand"},
    {248, "SCTP"},
    {249, "USB (USBPcap)"},
    {251, "Bluetooth LE"},
    {252, "Wireshark upper PDU"},
    {253, "netlink"},
    {254, "Bluetooth (Linux monitor)"},
    {256, "Bluetooth LE"},
    {258, "Apple pktap"},
    {259, "EPON"},
    {266, "USB (macOS)"},
    {270, "LoRaTap"},
    {271, "vsock"},
    {274, "Ethernet mPackets"},
    {276, "Linux cooked (v2)"},
    {280, "VPP dispatch trace"},
    {281, "Broadcom DSA tags"},
    {282, "Broadcom DSA tags (prepended)"},
    {284, "Marvell DSA tags"},
    {285, "Marvell DSA tags with EtherType"},
    {288, "USB 2.0"},
}};

}  // namespace

std::string name_of_link(std::uint32_t link_type) {
  constexpr std::uint32_t first_of_users = 147;
  constexpr std::uint32_t last_of_users = 162;
  const auto* const found =
      std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == link_type; });
  if (found != names.end()) return std::string(found->second);
  if (link_type >= first_of_users && link_type <= last_of_users)
    return fmt::format("a link of private use (USER{})", link_type - first_of_users);
  return fmt::format("a link of type {}", link_type);
}

bool is_read(std::uint32_t link_type) {
  return link_layer_of(link_type).has_value();
}

Error unread_link(const std::string& file, std::uint32_t link_type) {
  return Error(fmt::format("{} was captured on {}, which is not read here", file, name_of_link(link_type)),
               "capture on an Ethernet interface, or with -i any");
}

}  // namespace offlab
