#include "wire.h"

#include <algorithm>

namespace offlab::guest {
namespace {

constexpr std::uint16_t type_ip = 0x0800;
constexpr std::uint16_t type_arp = 0x0806;
constexpr std::uint8_t protocol_icmp = 1;
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint16_t dont_fragment = 0x4000;

std::uint16_t word(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8U | at[1]);
}

std::uint32_t long_word(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(word(at)) << 16U | word(at + 2);
}

void put(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8U);
  at[1] = static_cast<std::uint8_t>(value & 0xffU);
}

void put(std::uint8_t* at, std::uint32_t value) {
  put(at, static_cast<std::uint16_t>(value >> 16U));
  put(at + 2, static_cast<std::uint16_t>(value & 0xffffU));
}

std::uint16_t folded(std::uint32_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(sum);
}

struct Ip {
  const std::uint8_t* header = nullptr;
  const std::uint8_t* payload = nullptr;
  std::size_t size = 0;  // of the payload that is there
  std::size_t told = 0;  // of the payload, as the header says
  std::uint8_t protocol = 0;
  std::uint32_t source = 0;
  std::uint32_t destination = 0;
};

std::optional<Ip> parse_ip(const std::uint8_t* at, std::size_t size) {
  if (size < ip_size || at[0] >> 4U != 4) return std::nullopt;
  const std::size_t header = (at[0] & 0xfU) * std::size_t{4};
  const std::size_t total = word(at + 2);
  if (header < ip_size || header > size || total < header) return std::nullopt;
  return Ip{
      at, at + header, std::min(size, total) - header, total - header, at[9], long_word(at + 12), long_word(at + 16)};
}

std::optional<Ip> parse_ip_frame(const std::uint8_t* frame, std::size_t size, std::uint8_t protocol) {
  if (size < ethernet_size || word(frame + 12) != type_ip) return std::nullopt;
  const auto ip = parse_ip(frame + ethernet_size, size - ethernet_size);
  if (!ip || ip->protocol != protocol) return std::nullopt;
  return ip;
}

std::uint16_t mss_option(const std::uint8_t* option, const std::uint8_t* end) {
  constexpr std::uint8_t kind_end = 0;
  constexpr std::uint8_t kind_nothing = 1;
  constexpr std::uint8_t kind_mss = 2;
  while (option < end && *option != kind_end) {
    if (*option == kind_nothing) {
      ++option;
      continue;
    }
    if (end - option < 2 || option[1] < 2 || end - option < option[1]) return 0;
    if (*option == kind_mss && option[1] == 4) return word(option + 2);
    option += option[1];
  }
  return 0;
}

void put_ethernet(std::uint8_t* frame, const Mac& to, const Mac& from, std::uint16_t type) {
  std::copy(to.begin(), to.end(), frame);
  std::copy(from.begin(), from.end(), frame + 6);
  put(frame + 12, type);
}

}  // namespace

std::optional<Segment> parse_segment(const std::uint8_t* frame, std::size_t size) {
  const auto ip = parse_ip_frame(frame, size, protocol_tcp);
  if (!ip || ip->size < tcp_size) return std::nullopt;
  const std::uint8_t* tcp = ip->payload;
  const std::size_t header = (tcp[12] >> 4U) * std::size_t{4};
  if (header < tcp_size || header > ip->size) return std::nullopt;
  Segment segment;
  segment.ends = {ip->destination, ip->source, word(tcp + 2), word(tcp)};
  std::copy_n(frame + 6, segment.from.size(), segment.from.begin());
  segment.sequence = long_word(tcp + 4);
  segment.acknowledged = long_word(tcp + 8);
  segment.flags = tcp[13];
  segment.window = word(tcp + 14);
  segment.mss = mss_option(tcp + tcp_size, tcp + header);
  segment.payload = ip->told - header;
  return segment;
}

std::optional<NeedFrag> parse_need_frag(const std::uint8_t* frame, std::size_t size) {
  constexpr std::size_t icmp_header = 8;
  constexpr std::size_t quoted_of_tcp = 8;  // ports and sequence number, which every router quotes (RFC 792)
  const auto ip = parse_ip_frame(frame, size, protocol_icmp);
  if (!ip || ip->size < icmp_header || ip->payload[0] != 3 || ip->payload[1] != 4) return std::nullopt;
  const auto quoted = parse_ip(ip->payload + icmp_header, ip->size - icmp_header);
  if (!quoted || quoted->protocol != protocol_tcp || quoted->size < quoted_of_tcp) return std::nullopt;
  const std::uint8_t* tcp = quoted->payload;
  return NeedFrag{
      {quoted->source, quoted->destination, word(tcp), word(tcp + 2)}, long_word(tcp + 4), word(ip->payload + 6)};
}

std::optional<Asker> parse_arp_request(const std::uint8_t* frame, std::size_t size, std::uint32_t address) {
  constexpr std::uint16_t request = 1;
  const std::uint8_t* arp = frame + ethernet_size;
  if (size < arp_size || word(frame + 12) != type_arp || word(arp + 2) != type_ip || word(arp + 6) != request ||
      long_word(arp + 24) != address)
    return std::nullopt;
  Asker asker;
  std::copy_n(arp + 8, asker.mac.size(), asker.mac.begin());
  asker.address = long_word(arp + 14);
  return asker;
}

std::array<std::uint8_t, arp_size> arp_reply(const Mac& mac, std::uint32_t address, const Asker& asker) {
  std::array<std::uint8_t, arp_size> frame = {};
  put_ethernet(frame.data(), asker.mac, mac, type_arp);
  std::uint8_t* arp = frame.data() + ethernet_size;
  put(arp, std::uint16_t{1});  // Ethernet
  put(arp + 2, type_ip);
  arp[4] = 6;
  arp[5] = 4;
  put(arp + 6, std::uint16_t{2});  // reply
  std::copy(mac.begin(), mac.end(), arp + 8);
  put(arp + 14, address);
  std::copy(asker.mac.begin(), asker.mac.end(), arp + 18);
  put(arp + 24, asker.address);
  return frame;
}

std::size_t write_headers(const Outgoing& outgoing, std::uint8_t* frame) {
  const std::size_t options = outgoing.mss == 0 ? 0 : 4;
  const std::size_t tcp_length = tcp_size + options + outgoing.payload;
  put_ethernet(frame, outgoing.to, outgoing.from, type_ip);
  std::uint8_t* ip = frame + ethernet_size;
  std::fill_n(ip, ip_size + tcp_size + options, std::uint8_t{0});
  ip[0] = 0x45;
  put(ip + 2, static_cast<std::uint16_t>(ip_size + tcp_length));
  put(ip + 4, outgoing.identification);
  put(ip + 6, dont_fragment);
  ip[8] = 64;  // time to live
  ip[9] = protocol_tcp;
  put(ip + 12, outgoing.ends.here);
  put(ip + 16, outgoing.ends.there);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < ip_size; i += 2) sum += word(ip + i);
  put(ip + 10, static_cast<std::uint16_t>(~folded(sum)));

  std::uint8_t* tcp = ip + ip_size;
  put(tcp, outgoing.ends.port_here);
  put(tcp + 2, outgoing.ends.port_there);
  put(tcp + 4, outgoing.sequence);
  put(tcp + 8, outgoing.acknowledged);
  tcp[12] = static_cast<std::uint8_t>((tcp_size + options) / 4 << 4U);
  tcp[13] = outgoing.flags;
  put(tcp + 14, outgoing.window);
  std::uint32_t pseudo = protocol_tcp + static_cast<std::uint32_t>(tcp_length);
  for (const std::uint32_t address : {outgoing.ends.here, outgoing.ends.there})
    pseudo += (address >> 16U) + (address & 0xffffU);
  put(tcp + 16, folded(pseudo));
  if (options != 0) {
    tcp[20] = 2;  // maximum segment size
    tcp[21] = 4;
    put(tcp + 22, outgoing.mss);
  }
  return headers_size + options;
}

}  // namespace offlab::guest
