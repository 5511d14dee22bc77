// What a leg showed, raw: tool output as text, counters of the host, and where the captures are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/capture_point.h"
#include "model/nic_ref.h"

namespace offlab {

// The tap as the host sees it.
struct TapState {
  std::map<std::string, bool> features;  // as `ethtool -k` names them
  std::uint32_t tun_flags = 0;           // linux/if_tun.h; 0x4000 is IFF_VNET_HDR
  std::uint32_t mtu = 0;
  std::uint64_t tx_dropped = 0;  // frames for the guest that found the tap's queue full
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
  CapturePoint point;
  std::string file;                          // in the leg's folder
  std::uint64_t frames = 0;                  // written
  std::uint64_t dropped = 0;                 // lost by the ring: nobody knows what they were
  std::uint64_t beyond_limit = 0;            // not written because the file was full; ICMP is still written then
  std::optional<std::int64_t> full_ns = {};  // time of the first frame that was not written, since the epoch
  std::int64_t clock_step_ns = 0;            // by how much somebody set the host's clock meanwhile, at most
  bool operator==(const CaptureStatistics&) const = default;
};

// One moment: before or after the transfer.
struct Snapshot {
  std::map<std::string, std::string> nodes;  // node -> text with "==> NAME <==" sections
  std::map<std::string, TapState> taps;
  bool operator==(const Snapshot&) const = default;
};

// Why a transfer ended.
enum class TransferEnd {
  full_time,
  enough,   // its rate was known well enough
  storm,    // the router's bogus errors left no doubt
  stalled,  // next to nothing came through
};

std::string_view to_string(TransferEnd end);  // "full-time", "enough", "storm", "stalled"
std::optional<TransferEnd> parse_transfer_end(std::string_view text);

struct TransferOutput {
  std::string client_json;  // iperf3 --json of the receiving side
  std::string client_stderr;
  int exit_status = -1;
  TransferEnd end = TransferEnd::full_time;
  double traffic_seconds = 0;  // from the first traffic to its end, as the host saw it; 0: not watched
  bool operator==(const TransferOutput&) const = default;
};

// A fixed number of random bytes, sent the way of the bulk flow.
struct StreamOutput {
  std::uint64_t asked_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::string sent_sha256;      // empty: not read
  std::string received_sha256;  // of what arrived, all of it or not
  std::string trouble;          // why it did not come to its end; empty when it did
  bool operator==(const StreamOutput&) const = default;
};

// What the ends of the load beside a transfer printed.
struct BackgroundOutput {
  std::string sender;
  std::string receiver;
  std::string trouble;  // why one of them did not come to its end; empty when both did
  bool operator==(const BackgroundOutput&) const = default;
};

struct LegObservation {
  std::map<NicRef, std::string> baseline;  // `ethtool --json -k` after configuration
  Snapshot before;
  Snapshot after;
  TransferOutput transfer;
  std::vector<TapSample> samples;
  std::vector<CaptureStatistics> captures;
  std::map<std::string, double> cpu_seconds = {};  // of QEMU, all threads, over the transfer; by device under test
  std::optional<StreamOutput> stream = {};
  std::optional<BackgroundOutput> background = {};
  bool operator==(const LegObservation&) const = default;
};

}  // namespace offlab
