#include "measure/refusals.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {
namespace {

void widen(std::uint64_t& smallest, std::uint64_t& largest, std::uint64_t value) {
  smallest = smallest == 0 ? value : std::min(smallest, value);
  largest = std::max(largest, value);
}

std::uint32_t quoted_payload(const TooBigError& error) {
  return error.quoted_length - std::min(error.quoted_length, error.quoted_header_bytes);
}

}  // namespace

std::string describe_transmission(const Transmission& sent, const TcpConnection& connection) {
  std::string text =
      describe_packet(packet_of(sent, connection.flow), static_cast<std::uint32_t>(connection.start) - 1);
  if (sent.wire_packets() > 1)
    text += fmt::format("  [{} {}: {} packets of {} B]", sent.size_assumed ? "if cut at" : "gso_size",
                        sent.segment_size, sent.wire_packets(), sent.wire_length());
  return text;
}

void Refusals::see(const Packet& packet, const Frame& frame, std::uint64_t number, TcpConnection* connection,
                   bool is_late) {
  const TooBigError& error = *packet.too_big;
  ++seen_.frag_needed;
  widen(seen_.smallest_advertised_mtu, seen_.largest_advertised_mtu, error.mtu);
  widen(seen_.smallest_quoted_length, seen_.largest_quoted_length, error.quoted_length);
  const std::uint32_t bytes = quoted_payload(error);
  Transmissions::Lookup sent;
  if (connection != nullptr && !is_late)
    sent = connection->sent.latest_covering(connection->sequence.nearest(error.quoted_sequence), bytes);
  if (sent.first == nullptr || sent.size_unknown) {
    ++seen_.untraced;
    if (evidence_.wants(Invariant::bogus_frag_needed))
      evidence_.add(Invariant::bogus_frag_needed, name_of(hop_.ingress), number, frame.time_ns,
                    describe_packet(packet, 0));
    return;
  }
  const Transmission refused = *sent.first;
  const bool late = judge(error, sent, *connection, frame);
  add_pair(Invariant::bogus_frag_needed, packet, frame, number, refused, *connection);
  if (late) add_pair(Invariant::pmtud_convergence, packet, frame, number, refused, *connection);
}

bool Refusals::judge(const TooBigError& error, const Transmissions::Lookup& sent, TcpConnection& connection,
                     const Frame& frame) {
  // An error that was under way when the sender obeyed an earlier one is about what it had sent before.
  constexpr std::int64_t under_way_ns = 200'000'000;
  const std::uint32_t bytes = quoted_payload(error);
  const bool was_longer =
      connection.told_ns && connection.sent.longest_since(connection.sequence.nearest(error.quoted_sequence), bytes,
                                                          frame.time_ns - under_way_ns) > error.mtu;
  if (sent.longest_wire_packet <= error.mtu && !was_longer) {
    ++seen_.bogus;
    if (error.quoted_length > hop_.ingress_mtu.bytes)
      ++seen_.refused_longer_than_ingress_mtu;
    else if (error.quoted_length == hop_.ingress_mtu.bytes && error.mtu < hop_.ingress_mtu.bytes)
      ++seen_.refused_cut_anew;
    return false;
  }
  ++seen_.honest;
  bool late = false;
  if (!connection.told_ns || error.mtu < connection.told_mtu) {
    connection.told_ns = frame.time_ns;
    connection.told_mtu = error.mtu;
  } else if (connection.has_had_time_to_obey(frame.time_ns)) {
    ++seen_.errors_after_convergence;
    late = true;
  }
  if (!late) seen_.honestly_refused_bytes += bytes;
  return late;
}

void Refusals::add_pair(Invariant invariant, const Packet& packet, const Frame& frame, std::uint64_t number,
                        const Transmission& refused, const TcpConnection& connection) {
  if (!evidence_.wants(invariant)) return;
  const std::uint32_t mtu = packet.too_big->mtu;
  const std::uint32_t length = refused.wire_length();
  const bool bogus = length <= mtu;
  evidence_.add(invariant, name_of(hop_.ingress), refused.number, refused.time_ns,
                describe_transmission(refused, connection),
                bogus ? fmt::format("refused, although its {} packets of {} B fit the MTU of {}",
                                    refused.wire_packets(), length, mtu)
                      : fmt::format("refused: packets of {} B, the MTU is {}", length, mtu));
  evidence_.add(invariant, name_of(hop_.ingress), number, frame.time_ns, describe_packet(packet, 0),
                fmt::format("{} fragmentation needed: advertises MTU {}, the sender's packets have {} B",
                            bogus ? "bogus" : "honest", mtu, length));
}

}  // namespace offlab
