// Numbers with units, taken from a leg's observations. A number that could not be had is absent, never zero.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/background.h"
#include "model/invariant.h"
#include "model/nic_ref.h"
#include "model/observation.h"
#include "model/rate_ratio.h"

namespace offlab {

using Count = std::optional<std::uint64_t>;

// A frame that proves something, in the form tcpdump prints.
struct EvidenceFrame {
  std::string point;         // capture point
  std::uint64_t number = 0;  // frame number in the point's file, from 1
  double seconds = 0;        // since the first frame of the file
  std::string text;
  std::string comment = {};  // what is wrong with it, for whoever opens the capture; empty: the finding says it
  bool operator==(const EvidenceFrame&) const = default;
};

// How many transmissions of one size went in, and how many of them, or parts of them, never came out.
struct Passage {
  std::uint32_t longest = 0;  // L3 bytes: the class goes from above the one before to here; 0: superframes
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  bool operator==(const Passage&) const = default;
};

// What came out of the router at B, compared with what went in at A.
struct ForwardingMeasurements {
  std::uint64_t compared = 0;         // pieces of frames at B whose origin at A was found
  std::uint64_t without_origin = 0;   // frames at B whose data was never seen at A
  std::uint64_t lost_bytes = 0;       // at A, and not at B within a second
  std::vector<Passage> passages;      // by size; superframes, which stand for several packets, come last
  Passage in_bursts = {};             // of single packets: those close to another one of their connection
  std::uint64_t too_long = 0;         // wire packets at B longer than the egress MTU
  std::uint64_t longest_packet = 0;   // L3 bytes of a wire packet at B
  Count announced_segment;            // the smallest MSS a receiver announced; absent when no SYN was seen
  std::uint64_t above_segment = 0;    // wire packets at B with more payload than their receiver announced, less options
  std::uint64_t longest_payload = 0;  // of a wire packet at B
  std::uint64_t cut_elsewhere = 0;    // pieces at B that do not begin and end where packets did at A
  std::uint64_t changed_headers = 0;  // packets whose TTL, TOS, window, acknowledgement or options differ from A's
  std::uint64_t duplicates = 0;       // packets more often at B than at A
  std::uint64_t bad_checksums = 0;    // IPv4 headers at B
  std::uint64_t first_out = 0;        // frames at B that were sent once and left for the first time
  std::uint64_t late_out = 0;         // of them, behind data that left before
  bool operator==(const ForwardingMeasurements&) const = default;
};

// SYN and RST segments of the flow on both sides of the router.
struct HandshakeMeasurements {
  std::uint64_t requests_in = 0;  // SYN
  std::uint64_t requests_out = 0;
  std::uint64_t answers_in = 0;  // SYN, ACK
  std::uint64_t answers_out = 0;
  std::uint64_t requests_lost = 0;  // SYNs of which no copy left, counted once each
  std::uint64_t answers_lost = 0;
  std::uint64_t most_tries = 0;         // how often one of those came in
  std::uint64_t changed_options = 0;    // SYN and SYN, ACK segments that left with other options, but for the MSS
  std::string option_change;            // of the first one
  std::uint64_t resets_in = 0;          // RST segments that came to the router
  std::uint64_t resets_made = 0;        // that left it and had not come in
  std::uint64_t reset_after_bytes = 0;  // acknowledged of the connection when the first of those left
  bool operator==(const HandshakeMeasurements&) const = default;
};

// What the two capture files of a leg say. Payload bytes are TCP payload.
struct CaptureMeasurements {
  std::uint64_t data_frames = 0;         // at R
  std::uint64_t data_payload_bytes = 0;  // at R, retransmissions included
  std::uint64_t superframes = 0;         // at R: more than one segment of payload in one frame
  std::uint64_t superframe_payload_bytes = 0;
  std::uint64_t acked_bytes = 0;             // unique payload bytes that the receiver acknowledged
  std::uint64_t acknowledgements = 0;        // segments of the receiver that acknowledge something
  std::uint64_t unacked_tail_bytes = 0;      // unique payload bytes beyond the last acknowledgement: cut off by the end
  std::uint64_t frag_needed = 0;             // ICMP 3/4 or ICMPv6 2/0 from the router about the flow, on the wire
  std::uint64_t frag_needed_other = 0;       // the same about packets of other flows of its family
  std::uint64_t bogus = 0;                   // of frag_needed: the sender's wire packets already fit
  std::uint64_t honest = 0;                  // of frag_needed: they did not
  std::uint64_t untraced = 0;                // of frag_needed: the quoted range was never seen at A
  std::uint64_t honestly_refused_bytes = 0;  // payload of packets that were refused before the sender could obey
  std::uint64_t refused_longer_than_ingress_mtu = 0;  // of bogus, quoted length > the router's ingress MTU
  // Of bogus: what is quoted is as long as the ingress MTU and longer than the advertised one, and no packet of the
  // sender: a merged frame was cut at a guessed size first (IPv6 with a route's MTU refuses segments, not frames).
  std::uint64_t refused_cut_anew = 0;
  std::uint64_t data_without_df = 0;          // at A
  std::uint64_t egress_data_frames = 0;       // at B
  std::uint64_t egress_without_df = 0;        // at B
  std::uint64_t egress_fragments = 0;         // at B: MF or offset set, in an outer header, too
  std::uint64_t egress_tunneled = 0;          // at B: packets of the flow within other IP packets
  std::uint64_t smallest_advertised_mtu = 0;  // 0: none
  std::uint64_t largest_advertised_mtu = 0;
  std::uint64_t smallest_quoted_length = 0;
  std::uint64_t largest_quoted_length = 0;
  std::uint64_t errors_after_convergence = 0;  // honest ones, when the sender had had time to obey the first
  std::uint64_t long_after_convergence = 0;    // new wire packets at A, still longer than the MTU it was told
  double seconds = 0;                          // from the first to the last data frame at R
  double longest_stall_seconds = 0;            // without a new acknowledgement while data was sent
  std::uint64_t egress_payload_bytes = 0;      // at B
  bool has_egress = false;                     // there is a capture at B
  bool sizes_unknown = false;                  // the capture has no segmentation data
  ForwardingMeasurements forwarding;
  HandshakeMeasurements handshakes;
  // A few frames for each invariant they speak about, in order.
  std::map<Invariant, std::vector<EvidenceFrame>> evidence;
  bool operator==(const CaptureMeasurements&) const = default;
};

const std::vector<EvidenceFrame>& evidence_of(const CaptureMeasurements& seen, Invariant invariant);

// The wire side of a merge stage: what a virtual switch was given before it merged.
struct WireMeasurements {
  std::uint64_t data_packets = 0;
  std::uint64_t longest_packet = 0;  // L3 bytes
  bool operator==(const WireMeasurements&) const = default;
};

// What has a setting: a guest's NIC, or something else by its words ("tap router-wan", "router").
using SettingPlace = std::variant<NicRef, std::string>;

std::string to_string(const SettingPlace& place);

// A setting that is not as wanted, or changed during the transfer.
struct StateDifference {
  SettingPlace where;
  std::string what;  // "large-receive-offload"
  std::string wanted;
  std::string seen;
  std::string when;       // "before", "after", "1.3 s into the transfer"
  bool injected = false;  // a setting that offlab forced and something healed
  bool operator==(const StateDifference&) const = default;
};

struct IntervalGoodput {
  double start_seconds = 0;
  double seconds = 0;
  double bits_per_second = 0;
  bool warmup = false;
  bool operator==(const IntervalGoodput&) const = default;
};

// What came of the fixed-byte transfer.
struct StreamMeasurement {
  bool complete = false;    // every byte arrived in time; otherwise nothing can be said about the content
  bool equal = false;       // SHA-256 of both ends
  std::uint64_t bytes = 0;  // asked for
  std::string sent_sha256;
  std::string received_sha256;
  std::string trouble;  // why it is not complete
  bool operator==(const StreamMeasurement&) const = default;
};

// The load beside a transfer, as its ends counted it.
struct BackgroundMeasurement {
  std::uint64_t connections = 0;         // or streams of datagrams
  double seconds = 0;                    // from when all connections were up to the end
  std::uint64_t written_bytes = 0;       // what its connections had to carry
  std::uint64_t sent_bytes = 0;          // bsd: on the wire, with headers; otherwise payload
  std::uint64_t acknowledged_bytes = 0;  // by its receivers; or that arrived
  std::uint64_t errors = 0;              // "fragmentation needed" that were answered with a window again
  std::uint64_t timeouts = 0;
  BackgroundSender sender = BackgroundSender::bsd;
  bool opposite = false;             // it goes from the flow's receiver to its sender
  std::uint64_t retransmits = 0;     // of TCP
  std::uint64_t datagrams = 0;       // that its receiver knows of
  std::uint64_t lost_datagrams = 0;  // those of them that did not arrive
  bool operator==(const BackgroundMeasurement&) const = default;
};

enum class DropKind {
  receive_queue,  // before the router's kernel: its NIC's ring, or the queue of the tap in front of that
  queue,          // a qdisc
  policer,        // and any other action of tc
  rule,           // of nft or iptables
  table,          // connection tracking
  kernel,         // the kernel's own account, by function: the same packets as the others, named otherwise
};

std::string_view to_string(DropKind kind);
std::optional<DropKind> parse_drop_kind(std::string_view text);

// Packets that a queue, a rule or a table of a router counted as dropped.
struct DropCounter {
  std::string what;  // "qdisc netem on lan"
  std::uint64_t packets = 0;
  DropKind kind = DropKind::kernel;
  std::optional<double> rate_bps = {};  // of a queue that holds back
  bool operator==(const DropCounter&) const = default;
};

// What a leg says at one device under test. What concerns the whole flow (goodput, the ends' counters, settings) is the
// same at each of them.
struct LegMeasurements {
  std::string device;
  bool has_taps = true;               // what is below the device is the lab's; false: it exists, as it is
  std::optional<double> goodput_bps;  // received payload, warm-up cut
  std::string transfer_failure;       // why there is no goodput
  std::vector<IntervalGoodput> intervals;
  std::optional<double> uplink_bps;  // bytes handed to the router's ingress tap over the same time
  Count frag_fails, frag_needed_router,
      frag_needed_sender;  // router FragFails, router OutType3, sender InType3 (v6: twins)
  Count frag_needed_path;  // ICMP sent by all routers of the way; absent when this is the only one
  Count frag_oks, frag_creates, reassembly_requests;
  Count retransmitted_segments, sent_segments;  // the sender's
  Count checksum_errors;                        // the receiver's TCP
  Count dropped_by_receiver;                    // what came in order and found no memory (TcpExt TCPRcvQDrop)
  std::optional<CaptureMeasurements> capture;
  std::optional<WireMeasurements> wire;
  std::uint64_t capture_drops = 0;
  std::optional<bool> ingress_lro;  // LRO of the router's ingress NIC as read back before the transfer
  std::vector<StateDifference> differences;
  std::vector<DropCounter> drops = {};         // the device's kernel counted during the leg
  std::vector<std::string> nic_errors;         // "router wan: rx_long_length_errors +68"
  std::vector<std::string> side_effects;       // features that changed with a requested one
  std::vector<std::string> kernel_complaints;  // "router: eth0: bad gso ..."
  bool kernel_logs_read = false;
  std::vector<std::string> missing;  // evidence that should be there and is not
  TransferEnd transfer_end = TransferEnd::full_time;
  double traffic_seconds = 0;                                   // 0: not watched
  std::vector<std::vector<IntervalGoodput>> other_rounds = {};  // intervals of the same leg in the case's other rounds
  std::optional<double> device_cpu_seconds = {};                // QEMU's, over the whole transfer
  std::optional<StreamMeasurement> stream = {};
  std::optional<BackgroundMeasurement> background = {};  // nothing: there was none, or it is missing
  std::optional<double> uplink_limit_bps = {};           // what the sender was held back to; nothing: to nothing
  bool operator==(const LegMeasurements&) const = default;
};

// Payload bytes that crossed the uplink for each one that arrived; nothing when nothing arrived.
std::optional<double> amplification(const LegMeasurements& leg);
std::optional<double> retransmit_ratio(const LegMeasurements& leg);
// Share of these bytes that was wasted, 0..1: sent again, or never acknowledged.
std::optional<double> wasted_share(const LegMeasurements& leg);
// What they took of the uplink's rate; nothing when the capture spans no time.
std::optional<double> wasted_bps(const LegMeasurements& leg);
// How much of the uplink's rate was used, 0..1; nothing when one of both is not known.
std::optional<double> uplink_share(const LegMeasurements& leg);
// Goodput of the leg over the control's, in all rounds of the case.
std::optional<RateRatio> goodput_ratio(const LegMeasurements& leg, const LegMeasurements& control);
// What the device's QEMU took for each Gbit that arrived; nothing when nothing arrived.
std::optional<double> cpu_seconds_per_gbit(const LegMeasurements& leg);

// The rates after the warm-up.
RateSeries goodput_series(const std::vector<IntervalGoodput>& intervals);

}  // namespace offlab
