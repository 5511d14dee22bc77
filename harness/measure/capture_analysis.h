// What the frames on both sides of the router say about the flow. One pass over both files together, in the order of
// time; memory does not grow with the files.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <unordered_map>
#include <utility>

#include "capture/parsed_frames.h"
#include "measure/flow_table.h"
#include "measure/forwarding.h"
#include "measure/handshakes.h"
#include "measure/refusals.h"
#include "measure/tcp_connection.h"
#include "model/capture_signs.h"
#include "model/leg.h"
#include "model/measurement.h"

namespace offlab {

// Which connections count. Those of an earlier leg may still send again what never arrived; a capture that somebody
// made may begin in the middle of the one that it is about.
enum class Connections { begun_in_capture, all };

class CaptureAnalysis {
 public:
  static constexpr std::int64_t no_horizon = std::numeric_limits<std::int64_t>::max();

  // `horizon_ns`: when one of the files reached its limit; from there on they have ICMP only.
  CaptureAnalysis(const LegIntent& intent, const HopIntent& hop, Connections which,
                  std::int64_t horizon_ns = no_horizon);

  // For Connections::all: which captures these are.
  struct Extent {
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = no_horizon;
  };
  struct Foreign {
    unsigned hops = 1;  // by how much the TTL is lower behind the router
    // From the first to the last frame of each file. What came in before the router stays what it is outside of the
    // other file's time, but nothing of it can be called lost there; what leaves after the first file's end has no
    // origin to be compared with.
    Extent ingress = {};
    Extent egress = {};
  };
  void judge_foreign(const Foreign& foreign);

  // `ingress` is the router's ingress tap: data into the guest, acknowledgements and ICMP errors out of it. `egress` is
  // the tap on its other side. Null: there is no such capture, and what needs it stays zero. `returned`: where
  // acknowledgements leave for the sender when they do not pass this router; null: they do, or nobody captured them.
  void read(FrameSource* ingress, FrameSource* egress, FrameSource* returned = nullptr);

  // Frames of any kind that were read before and behind the router.
  std::uint64_t frames_before() const { return frames_before_; }
  std::uint64_t frames_behind() const { return frames_behind_; }

  CaptureMeasurements take() { return std::move(seen_); }
  const CaptureSigns& signs() const { return signs_; }

  // The wire side of a merge stage before the router.
  WireMeasurements read_wire(FrameSource& frames) const;

 private:
  // A receiver's SYN on its way into the router: its sequence number is the same when it leaves, behind NAT too.
  struct ReceiversSyn {
    FlowKey flow;  // of the data, as seen at B
    std::uint16_t maximum_segment = 0;
  };

  // Of the judged flow, in the direction of its data. In a lab its port tells, since any router on the way may
  // translate its addresses; in captures that somebody made, its ends tell as well.
  bool is_judged(const FlowKey& forth) const;
  bool is_receiver(const IpAddress& address) const;
  bool is_leaving(const Packet& packet) const;
  bool is_data(const Packet& packet) const;
  bool is_acknowledgement(const Packet& packet) const;

  void see_at_ingress(const ParsedFrame& one);
  void see_at_egress(const ParsedFrame& one);
  void see_returned(const ParsedFrame& one);
  void see_data(const Packet& packet, const Frame& frame, std::uint64_t number);
  void see_acknowledgement(const Packet& packet, const Frame& frame, std::uint64_t number);
  void see_too_big(const Packet& packet, const Frame& frame, std::uint64_t number);
  void see_data_leave(const Packet& packet, const Frame& frame, std::uint64_t number);
  // A SYN or RST, for what it says about the connection itself.
  void see_handshake(const Packet& packet, const Frame& frame, std::uint64_t number, bool forth, bool into_router);
  void see_receivers_syn(const Packet& packet);
  void see_senders_syn_leave(const Packet& packet);
  bool is_probe(const Transmission& sent, TcpConnection& connection);
  // Did a frame that is sent now fill what was missing before? Then nothing is sent again.
  static bool fills_hole(const Transmission& sent, Silence& silence);
  void see_window(const TcpSegment& tcp, std::int64_t now_ns, TcpConnection& connection);
  // Acknowledged, and not seen leaving.
  void see_unseen(std::uint64_t bytes, std::int64_t now_ns);
  void see_missing(std::uint64_t acknowledged, TcpConnection& connection);
  // Of the connection, until now: nothing new was acknowledged.
  void end_silence(TcpConnection& connection, std::int64_t until_ns);
  double since_begin(std::int64_t time_ns) const {
    return static_cast<double>(time_ns - extents_.ingress.begin_ns) * 1e-9;
  }
  void learn_size(Transmission& sent, const Packet& packet, const Frame& frame, TcpConnection& connection);
  void count_sent(const Transmission& known, const Packet& packet, TcpConnection& connection);
  void see_disobedience(const Transmission& sent, const TcpConnection& connection);
  // Memory for the connections that are alive only.
  void trim(std::int64_t now_ns);
  // The last transmission of this byte, when there is room to tell of it as evidence; null also when it was told.
  const Transmission* untold_carrier(Invariant invariant, std::uint64_t sequence,
                                     const TcpConnection& connection) const;
  // Of what is sent again now, something had not left the router.
  void see_lost(const Transmission& sent, const TcpConnection& connection);
  void see_sent_again(const Transmission& sent, TcpConnection& connection);
  // What was skipped before it.
  static void see_hole(const Transmission& sent, TcpConnection& connection);
  void give_up_lost(TcpConnection& connection, std::int64_t now_ns);
  void finish();

  TcpConnection* at_egress(const FlowKey& flow);
  // Of the connection's beginning nothing was seen, and that is needed.
  bool is_foreign(const TcpConnection* connection) const {
    return which_ == Connections::begun_in_capture && (connection == nullptr || !connection->has_start);
  }

  const LegIntent& intent_;
  const HopIntent& hop_;
  std::string ingress_;  // the points' names
  std::string egress_;
  Connections which_;
  std::int64_t horizon_ns_;
  Foreign extents_ = {};
  CaptureMeasurements seen_;
  CaptureSigns signs_;
  EvidenceLog evidence_;
  Refusals refusals_;
  Forwarding forwarding_;
  Handshakes handshakes_;
  FlowTable<TcpConnection> connections_;
  std::unordered_map<FlowKey, TcpConnection*, FlowKeyHash> behind_nat_;  // by their keys at egress
  std::unordered_map<std::uint32_t, ReceiversSyn> syns_;                 // by sequence number
  std::unordered_map<std::uint32_t, TcpConnection*> senders_syns_;       // likewise
  std::set<std::pair<IpAddress, IpAddress>> ends_behind_;                // source and destination of data at B
  Passages passages_{};
  std::uint64_t frames_before_ = 0;
  std::uint64_t frames_behind_ = 0;
  std::int64_t first_data_ns_ = 0;
  std::int64_t last_data_ns_ = 0;
};

}  // namespace offlab
