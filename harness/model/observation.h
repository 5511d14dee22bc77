// What a leg showed, raw: tool output as text, counters of the host, and where the captures are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace offlab {

// The tap as the host sees it.
struct TapState {
  std::map<std::string, bool> features;  // as `ethtool -k` names them
  std::uint32_t tun_flags = 0;           // linux/if_tun.h; 0x4000 is IFF_VNET_HDR
  std::uint32_t mtu = 0;
  bool operator==(const TapState&) const = default;
};

// Cumulative counters of one tap at one moment. "rx" is what the guest sent, "tx" what it was handed.
struct TapSample {
  double seconds = 0;  // since the transfer began
  std::string tap;
  std::uint64_t rx_bytes = 0;
  std::uint64_t tx_bytes = 0;
  bool tso4 = false;  // tx-tcp-segmentation at that moment
  bool operator==(const TapSample&) const = default;
};

struct CaptureStatistics {
  std::string point;                         // the tap
  std::string file;                          // in the leg's folder
  std::uint64_t frames = 0;                  // written
  std::uint64_t dropped = 0;                 // lost by the ring: nobody knows what they were
  std::uint64_t beyond_limit = 0;            // not written because the file was full; ICMP is still written then
  std::optional<std::int64_t> full_ns = {};  // time of the first frame that was not written, since the epoch
  bool operator==(const CaptureStatistics&) const = default;
};

// One moment: before or after the transfer.
struct Snapshot {
  std::map<std::string, std::string> nodes;  // node -> text with "==> NAME <==" sections
  std::map<std::string, TapState> taps;
  bool operator==(const Snapshot&) const = default;
};

struct TransferOutput {
  std::string client_json;  // iperf3 --json of the receiving side
  std::string client_stderr;
  int exit_status = -1;
  bool operator==(const TransferOutput&) const = default;
};

struct LegObservation {
  std::map<std::string, std::string> baseline;  // "NODE INTERFACE" -> `ethtool --json -k` after configuration
  Snapshot before;
  Snapshot after;
  TransferOutput transfer;
  std::vector<TapSample> samples;
  std::vector<CaptureStatistics> captures;
  bool operator==(const LegObservation&) const = default;
};

}  // namespace offlab
