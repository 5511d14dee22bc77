// What the frames on both sides of the router say about the flow. One pass over each file; memory does not grow with
// the file.
#pragma once

#include <cstdint>
#include <map>

#include "measure/transmissions.h"
#include "model/leg.h"
#include "model/measurement.h"

namespace offlab {

class CaptureAnalysis {
 public:
  // `is_cut`: the ingress file reached its limit; from there on it has ICMP only.
  CaptureAnalysis(const LegIntent& intent, const HopIntent& hop, bool is_cut = false)
      : intent_(intent), hop_(hop), is_cut_(is_cut) {}

  // The router's ingress tap: data into the guest, acknowledgements and ICMP errors out of it.
  void read_ingress(FrameSource& frames);
  // The router's egress tap: data out of the guest.
  void read_egress(FrameSource& frames);

  CaptureMeasurements take() { return std::move(seen_); }

  // The wire side of a merge stage before the router.
  WireMeasurements read_wire(FrameSource& frames) const;

 private:
  // One connection, by the direction of its data.
  struct Connection {
    bool has_start = false;
    std::uint32_t start = 0;  // sequence number before the first payload byte
    bool acknowledged = false;
    std::uint32_t last_ack = 0;
    std::uint32_t sent_to = 0;  // sequence number after the furthest payload byte
    std::uint64_t payload_bytes = 0;
    Transmissions sent;
  };

  bool is_receiver(const IpAddress& address) const;
  bool is_data(const Packet& packet) const;
  bool is_acknowledgement(const Packet& packet) const;
  void see_data(const Packet& packet, const Frame& frame, std::uint64_t number);
  void see_acknowledgement(const Packet& packet);
  void add_unacked_tails();
  void distrust_late_errors();
  void see_too_big(const Packet& packet, const Frame& frame, std::uint64_t number);
  void add_evidence(const Transmission& refused, const Connection& connection);
  void add_evidence(std::uint64_t number, std::int64_t time_ns, std::string text);

  const LegIntent& intent_;
  const HopIntent& hop_;
  bool is_cut_;
  std::uint64_t late_bogus_ = 0;  // since the last data frame
  std::uint64_t late_honest_ = 0;
  CaptureMeasurements seen_;
  std::map<FlowKey, Connection> connections_;
  std::int64_t first_time_ns_ = 0;
  std::int64_t first_data_ns_ = 0;
};

}  // namespace offlab
