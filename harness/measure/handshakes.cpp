#include "measure/handshakes.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {
namespace {

// Whoever floods a router with SYNs must not fill the memory; what comes after so many is not looked at.
constexpr std::size_t most = 200'000;

// The same on both sides of any NAT.
std::uint64_t key_of(bool forth, std::uint32_t sequence) {
  return (std::uint64_t{forth ? 1U : 0U} << 32U) | sequence;
}

// What became of the options but the MSS, which a router may clamp; empty when they are the same.
std::string option_change(const SynOptions& in, const SynOptions& out) {
  if (!in.known || !out.known) return {};
  if (in.window_scale >= 0 && out.window_scale < 0)
    return fmt::format("the SYN's window scaling option ({}) is gone: windows end at 65535 bytes", in.window_scale);
  if (in.window_scale != out.window_scale)
    return fmt::format("the SYN's window scaling option {} became {}", in.window_scale, out.window_scale);
  if (in.sack != out.sack) return in.sack ? "the SYN's SACK option is gone" : "the SYN has a SACK option more";
  if (in.timestamps != out.timestamps)
    return in.timestamps ? "the SYN's timestamps option is gone" : "the SYN has a timestamps option more";
  return {};
}

}  // namespace

Handshakes::Handshakes(const HopIntent& hop, HandshakeMeasurements& seen, EvidenceLog& evidence, bool sees_both_ways)
    : hop_(hop), seen_(seen), evidence_(evidence), sees_both_ways_(sees_both_ways) {}

void Handshakes::see(const Packet& packet, const Frame& frame, std::uint64_t number, bool forth, bool into_router,
                     std::uint64_t acknowledged) {
  if (!forth && !sees_both_ways_) return;
  const Place place{number, frame.time_ns, forth, into_router};
  if ((packet.tcp->flags & tcp_syn) != 0)
    see_syn(packet, place);
  else
    see_reset(packet, place, acknowledged);
}

void Handshakes::see_syn(const Packet& packet, const Place& place) {
  const bool is_answer = (packet.tcp->flags & tcp_ack) != 0;
  const std::uint64_t key = key_of(place.forth, packet.tcp->sequence);
  Passed& passed = syns_[key];
  if (place.into_router) {
    ++(is_answer ? seen_.answers_in : seen_.requests_in);
    if (passed.times_in++ == 0) passed = {packet, place, 1};
    if (syns_.size() > most) syns_.erase(key);
    return;
  }
  ++(is_answer ? seen_.answers_out : seen_.requests_out);
  ++passed.times_out;
  if (passed.times_in == 0) return;
  const std::string change = option_change(passed.packet.tcp->syn, packet.tcp->syn);
  if (change.empty()) return;
  if (seen_.changed_options++ == 0) seen_.option_change = change;
  add(Invariant::header_transparency, passed.packet, passed.place, "");
  add(Invariant::header_transparency, packet, place, change);
}

// What an end sent comes in before it leaves.
void Handshakes::see_reset(const Packet& packet, const Place& place, std::uint64_t acknowledged) {
  const std::uint64_t key = key_of(place.forth, packet.tcp->sequence);
  if (place.into_router) {
    ++seen_.resets_in;
    if (resets_.size() < most) resets_.insert(key);
    return;
  }
  if (resets_.count(key) != 0) return;
  if (seen_.resets_made++ == 0) seen_.reset_after_bytes = acknowledged;
  add(Invariant::liveness, packet, place,
      fmt::format("the router's own: no RST came in; {} bytes had been acknowledged", acknowledged));
}

void Handshakes::finish() {
  for (const auto& [key, passed] : syns_) {
    if (passed.times_in == 0 || passed.times_out > 0) continue;
    const bool is_answer = (passed.packet.tcp->flags & tcp_ack) != 0;
    ++(is_answer ? seen_.answers_lost : seen_.requests_lost);
    seen_.most_tries = std::max(seen_.most_tries, passed.times_in);
    add(Invariant::forwarding_loss, passed.packet, passed.place,
        fmt::format("came in {} and never left",
                    passed.times_in == 1 ? "once" : fmt::format("{} times", passed.times_in)));
  }
}

void Handshakes::add(Invariant invariant, const Packet& packet, const Place& place, const std::string& comment) {
  if (!evidence_.wants(invariant)) return;
  // Data comes in at the ingress NIC and leaves by the other one; its answers the other way.
  const auto& point = place.forth == place.into_router ? hop_.ingress : hop_.egress;
  std::string text = describe_packet(packet, 0);
  if (!comment.empty()) text += fmt::format("  [{}]", comment);
  evidence_.add(invariant, name_of(point), place.number, place.time_ns, std::move(text), comment);
}

}  // namespace offlab
