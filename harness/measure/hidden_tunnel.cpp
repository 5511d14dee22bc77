#include "measure/hidden_tunnel.h"

#include <map>

#include "capture/encapsulation.h"
#include "measure/flow_port.h"

namespace offlab {
namespace {

constexpr std::uint64_t looked_at = 5000;  // frames
constexpr std::uint64_t enough = 10;

// The first router of a tunnel with what the last one has on its other side.
void join(HopIntent& first, const HopIntent& last, const std::string& tunnel) {
  first.far_router = last.far_router.empty() ? last.hop.router : last.far_router;
  first.tunnel = tunnel;
  first.hop.egress = last.hop.egress;
  first.egress_tap = last.egress_tap;
  first.egress = last.egress;
  first.egress_mtu = last.egress_mtu;
  first.addresses.insert(first.addresses.end(), last.addresses.begin(), last.addresses.end());
}

}  // namespace

std::optional<std::string> hidden_by(FrameSource& behind, const LegIntent& intent) {
  std::map<std::string, std::uint64_t> hidden;
  Frame frame;
  for (std::uint64_t read = 0; read < looked_at && behind.next(frame); ++read) {
    if (frame.to_guest) continue;
    const auto packet = parse_packet(frame);
    if (packet && packet->tcp && has_port(intent, packet->flow)) return std::nullopt;
    if (const auto word = unread_protocol(frame)) ++hidden[std::string(*word)];
  }
  for (const auto& [word, frames] : hidden)
    if (frames >= enough && word != "IP fragment") return word;
  return std::nullopt;
}

LegIntent joined_at_tunnels(LegIntent intent, const HiddenHops& hidden) {
  for (std::size_t hop = intent.hops.size(); hop-- > 1;)
    if (hop - 1 < hidden.size() && hidden[hop - 1]) {
      join(intent.hops[hop - 1], intent.hops[hop], *hidden[hop - 1]);
      intent.hops.erase(intent.hops.begin() + static_cast<std::ptrdiff_t>(hop));
    }
  return intent;
}

}  // namespace offlab
