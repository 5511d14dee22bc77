// A leg is one transfer under one set of settings: the case itself, or its control.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/capture_point.h"
#include "model/guest_value.h"
#include "model/nic_ref.h"
#include "model/observability.h"
#include "model/path.h"
#include "model/topology.h"

namespace offlab {

// A reference is a transfer between the same ends without the routers.
enum class LegRole { control, measured, reference };

std::string_view to_string(LegRole role);  // "control", "case", "reference"

struct WantedFeature {
  NicRef nic;
  std::string feature;  // canonical
  bool on = false;
  bool operator==(const WantedFeature&) const = default;
};

struct WantedValue {
  std::string node;
  GuestFile file;
  std::string value;  // single-spaced
  bool operator==(const WantedValue&) const = default;
};

// A NIC of the lab, as the leg wants it.
struct NicIntent {
  NicRef nic;
  std::string device;  // what its guest calls it
  Mtu mtu;
  bool operator==(const NicIntent&) const = default;
};

// A device under test on the flow's way, with the host side of its two NICs.
struct HopIntent {
  Hop hop;
  bool forwards = true;                 // a router; false: a bridge
  std::string ingress_tap;              // the host side of the NIC that takes the data in
  std::string egress_tap;               // and of the one that sends it out
  std::optional<CapturePoint> ingress;  // A and R: what the device was handed
  std::optional<CapturePoint> egress;   // B: what it sent out
  Mtu ingress_mtu;                      // the device's
  Mtu egress_mtu;
  bool ingress_lro = false;          // guest LRO of the ingress NIC, wanted state
  bool needs_merging = false;        // a pass without superframes at R proves nothing
  std::vector<IpAddress> addresses;  // the device's own: its ICMP errors come from them
  std::optional<CapturePoint> wire;  // before the ingress NIC's merge stage, where it has one
  // Where acknowledgements leave the last router on their way to the sender, when they do not pass this device.
  std::optional<CapturePoint> returned = {};
  // The router at the other end of a tunnel that nobody can look into, and what it is: the device under test is both
  // routers with all between them, and `hop.egress` and what is said of the egress NIC are the far one's.
  std::string far_router = {};
  std::string tunnel = {};  // "WireGuard"
  bool operator==(const HopIntent&) const = default;
};

// "router", or "inner to outer (WireGuard)".
std::string device_name(const HopIntent& hop);
// The NIC that data leaves the device by.
NicRef egress_nic(const HopIntent& hop);
// Its routers: one, or the two ends of a tunnel.
std::vector<std::string> routers_of(const HopIntent& hop);

// Two ports between the wire and one NIC.
struct StageIntent {
  std::string wire_port;
  std::string router_port;
  StageMode mode = StageMode::pass;
  bool operator==(const StageIntent&) const = default;
};

// What was asked of the lab, kept beside what it did, so that a leg can be judged from its folder alone.
struct LegIntent {
  Flow flow;
  IpAddress source;                          // of the data
  IpAddress destination;                     // of the data
  std::optional<IpPrefix> destination_pool;  // more addresses of the receiver
  std::uint16_t port = 5201;                 // of the end that the other one connects to
  std::vector<HopIntent> hops;               // in the direction of the data; at least one
  std::vector<WantedFeature> features;
  std::vector<WantedValue> values;
  std::vector<NicIntent> nics;                // every one
  std::map<std::string, HypervisorLro> taps;  // tap -> injected setting; every tap of the devices under test
  LroFamilies lro_families = LroFamilies::both;
  Limits limits = {};
  std::vector<StageIntent> stages;
  std::vector<std::string> routers;  // nodes that must forward
  Observability observable = {};     // the leg asks for nothing beyond it
  double duration_seconds = 0;
  double warmup_seconds = 0;
  bool early_stop = false;                  // the transfer may end before that
  double throughput_floor = 0.5;            // share of the control's goodput
  std::uint64_t integrity_bytes = 0;        // of the fixed-byte transfer; 0: there is none
  std::optional<BitRate> uplink_rate = {};  // what the sender of the data is held back to
  std::optional<bool> host_lro = {};        // what the hosts below existing machines were set to; nothing: left alone
  bool operator==(const LegIntent&) const = default;
};

// Null when the intent knows nothing of it.
const NicIntent* find_nic(const LegIntent& intent, const NicRef& nic);

}  // namespace offlab
