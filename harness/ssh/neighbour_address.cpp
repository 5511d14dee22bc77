#include "ssh/neighbour_address.h"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/handle.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t mac_length = 6;
constexpr std::size_t ipv6_source = ETH_HLEN + 8;
constexpr milliseconds between_requests{300};

std::string mac_text(std::span<const unsigned char> bytes) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
                     bytes[5]);
}

UniqueFd packet_socket(unsigned interface) {
  UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_IPV6)));
  sockaddr_ll link{};
  link.sll_family = AF_PACKET;
  link.sll_protocol = htons(ETH_P_IPV6);
  link.sll_ifindex = static_cast<int>(interface);
  if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&link), sizeof link) != 0)
    throw system_error("listening for neighbours");
  return socket;
}

// Nobody may be there yet.
void ask_everybody(const UniqueFd& socket, unsigned interface) {
  sockaddr_in6 all{};
  all.sin6_family = AF_INET6;
  all.sin6_scope_id = interface;
  inet_pton(AF_INET6, "ff02::1", &all.sin6_addr);
  icmp6_hdr request{};
  request.icmp6_type = ICMP6_ECHO_REQUEST;
  sendto(socket.get(), &request, sizeof request, 0, reinterpret_cast<const sockaddr*>(&all), sizeof all);
}

}  // namespace

std::optional<std::string> link_local_source(std::span<const unsigned char> frame, const std::string& mac) {
  if (frame.size() < ETH_HLEN + 40 || mac_text(frame.subspan(mac_length, mac_length)) != mac) return std::nullopt;
  const std::span<const unsigned char> source = frame.subspan(ipv6_source, 16);
  if (source[0] != 0xfe || (source[1] & 0xc0U) != 0x80U) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, source.data(), text.data(), text.size());
  return text.data();
}

std::string neighbour_address(const std::string& interface, const std::string& mac, const Deadline& deadline,
                              const std::stop_token& stop) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) throw system_error(fmt::format("interface '{}'", interface));
  const UniqueFd frames = packet_socket(index);
  const UniqueFd requests(::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  if (!requests) throw system_error("asking for neighbours");
  std::array<unsigned char, 2048> frame{};
  return with_frame(fmt::format("no IPv6 link-local address of {} is seen on '{}'", mac, interface), [&] {
    while (true) {
      ask_everybody(requests, index);
      const Deadline round("an answer", deadline.left(between_requests));
      while (!round.passed()) {
        pollfd readable{frames.get(), POLLIN, 0};
        if (poll(&readable, 1, static_cast<int>(round.left(between_requests).count()) + 1) != 1) break;
        const ssize_t size = recv(frames.get(), frame.data(), frame.size(), 0);
        if (size <= 0) continue;
        if (const auto address = link_local_source({frame.data(), static_cast<std::size_t>(size)}, mac))
          return *address;
      }
      if (!stop.stop_requested() && deadline.passed())
        throw Error(fmt::format("{}: none came in time", deadline.name()),
                    "does the system boot (firmware, bus), and does each interface come up with an IPv6 link-local "
                    "address? `address` in the recipe's [management] has the other ways");
      deadline.check(stop);
    }
  });
}

}  // namespace offlab
