#include "unit/runner/captured_pair.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "capture/capture_file.h"
#include "folders.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

Frames read_frames(const fs::path& file) {
  return all_frames(*open_capture_file(file));
}

std::vector<FieldPair> read_pairs() {
  std::vector<FieldPair> pairs = {
      {"healthy-lro-off", FaultClass::healthy, {}},
      {"healthy-lro-on", FaultClass::healthy, {}},
      {"storm-passthrough", FaultClass::lro_orphan_storm, {}},
      {"storm-merge", FaultClass::lro_orphan_storm, {}},
      {"storm-ipv6", FaultClass::lro_orphan_storm, {}},
      {"storm-guessed-size", FaultClass::wrong_gso_size, {}},
      {"refragmented", FaultClass::silent_refragmentation, {}},
      {"silent-drop-e1000e", FaultClass::silent_size_drop, {}},
  };
  const fs::path folder = fs::path(tests_folder()) / "data/field-pairs";
  for (FieldPair& pair : pairs)
    pair.frames = {read_frames(folder / (pair.name + "-wan.pcap")), read_frames(folder / (pair.name + "-lan.pcap"))};
  return pairs;
}

const std::vector<IpAddress>& senders() {
  static const std::vector<IpAddress> addresses = {parse_address("198.18.2.2").value(),
                                                   parse_address("2001:2:0:2::2").value()};
  return addresses;
}

const std::vector<IpAddress>& receivers() {
  static const std::vector<IpAddress> addresses = {parse_address("198.18.1.2").value(),
                                                   parse_address("2001:2:0:1::2").value()};
  return addresses;
}

bool sent_by(const std::vector<IpAddress>& addresses, const StoredFrame& frame) {
  const auto packet = packet_of(frame);
  if (!packet) return false;
  return std::find(addresses.begin(), addresses.end(), packet->flow.source) != addresses.end();
}

}  // namespace

const std::vector<FieldPair>& field_pairs() {
  static const std::vector<FieldPair> pairs = read_pairs();
  return pairs;
}

const FieldPair& field_pair(const std::string& name) {
  for (const FieldPair& pair : field_pairs())
    if (pair.name == name) return pair;
  throw std::logic_error("no such pair: " + name);
}

std::optional<Packet> packet_of(const StoredFrame& frame) {
  Frame whole = frame.frame;
  whole.bytes = frame.bytes;
  return glance_at_packet(whole);
}

bool sent_by_router(const StoredFrame& frame) {
  std::uint64_t source = 0;
  for (std::size_t at = 6; at < 12; ++at) source = source << 8U | frame.bytes.at(at);
  return source == router_wan_mac || source == router_lan_mac;
}

bool sent_by_sender(const StoredFrame& frame) {
  return sent_by(senders(), frame);
}

bool sent_by_receiver(const StoredFrame& frame) {
  return sent_by(receivers(), frame);
}

bool carries_data(const StoredFrame& frame) {
  const auto packet = packet_of(frame);
  return packet && (packet->fragment || (packet->tcp && packet->tcp->payload_bytes > 0));
}

bool is_icmp_error(const StoredFrame& frame) {
  const auto packet = packet_of(frame);
  return packet && packet->too_big;
}

}  // namespace offlab
