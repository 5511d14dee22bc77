#include "bundle/hidden_options.h"

#include <algorithm>

namespace offlab {
namespace {

using Bytes = std::span<std::uint8_t>;

void clear(Bytes bytes) {
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
}

constexpr std::uint8_t end_of_options = 0;
constexpr std::uint8_t no_operation = 1;

// Gives each option of IPv4 or TCP to `hide`: its kind, its length and what was kept behind that. What is behind their
// end, and what is no option, is cleared.
template <typename Hide>
void each_option(Bytes options, Hide&& hide) {
  std::size_t at = 0;
  while (at < options.size() && options[at] != end_of_options) {
    if (options[at] == no_operation) {
      ++at;
      continue;
    }
    if (at + 1 >= options.size()) return;  // cut off behind its kind
    const std::size_t length = options[at + 1];
    if (length < 2) break;
    const std::size_t end = std::min(at + length, options.size());
    hide(options[at], length, options.subspan(at + 2, end - at - 2));
    at = end;
  }
  clear(options.subspan(at));
}

// Of hop-by-hop and destination options (RFC 8200, section 4.2).
void hide_ipv6_options(Bytes options) {
  enum : std::uint8_t { one_byte_pad = 0, router_alert = 5, jumbo_payload = 0xc2 };
  for (std::size_t at = 0; at < options.size();) {
    if (options[at] == one_byte_pad) {
      ++at;
      continue;
    }
    if (at + 1 >= options.size()) return;
    const std::size_t end = std::min(at + 2 + options[at + 1], options.size());
    if (options[at] != router_alert && options[at] != jumbo_payload) clear(options.subspan(at + 2, end - at - 2));
    at = end;
  }
}

}  // namespace

void hide_ipv4_options(Bytes options) {
  each_option(options, [](std::uint8_t, std::size_t, Bytes content) { clear(content); });
}

void hide_ipv6_extensions(std::uint8_t first, Bytes extensions) {
  enum : std::uint8_t { hop_by_hop = 0, routing = 43, fragment = 44, authentication = 51, destination_options = 60 };
  constexpr std::size_t least = 8;
  std::uint8_t kind = first;
  while (extensions.size() >= least) {
    const std::size_t told = kind == fragment         ? least
                             : kind == authentication ? (extensions[1] + 2U) * 4U
                                                      : (extensions[1] + 1U) * 8U;
    const Bytes header = extensions.first(std::min(told, extensions.size()));
    if (kind == hop_by_hop || kind == destination_options)
      hide_ipv6_options(header.subspan(2));
    else if (kind == routing)
      clear(header.subspan(4));  // what kind of route, and how much of it is left, may be seen
    else if (kind != fragment)
      clear(header.subspan(2));
    kind = header[0];
    extensions = extensions.subspan(header.size());
  }
  clear(extensions);
}

void hide_tcp_options(Bytes options, const AnonymousAddresses& addresses) {
  enum : std::uint8_t { segment = 2, window_scale = 3, sack_permitted = 4, sack = 5, timestamps = 8 };
  const auto stays = [](std::uint8_t kind, std::size_t length) {
    switch (kind) {
      case segment:
        return length == 4;
      case window_scale:
        return length == 3;
      case sack_permitted:
        return length == 2;
      case sack:
        return length % 8 == 2 && length <= 34;
      case timestamps:
        return length == 10;
      default:
        return false;
    }
  };
  each_option(options, [&](std::uint8_t kind, std::size_t length, Bytes content) {
    if (!stays(kind, length)) addresses.replace(content);
  });
}

}  // namespace offlab
