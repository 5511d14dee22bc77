// A leg is one transfer under one set of settings: the case itself, or its control.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/topology.h"

namespace offlab {

enum class LegRole { control, measured };

std::string_view to_string(LegRole role);  // "control", "case"

// The host side of one guest NIC.
struct TapName {
  std::string node;
  std::string network;
  std::string tap;
  bool operator==(const TapName&) const = default;
};

struct WantedFeature {
  std::string node;
  std::string interface;
  std::string feature;  // canonical
  bool on = false;
  bool operator==(const WantedFeature&) const = default;
};

struct WantedMtu {
  std::string node;
  std::string interface;
  Mtu mtu;
  bool operator==(const WantedMtu&) const = default;
};

// What was asked of the lab, kept beside what it did, so that a leg can be judged from its folder alone.
struct LegIntent {
  Flow flow;
  IpAddress source;           // of the data
  IpAddress destination;      // of the data
  std::uint16_t port = 5201;  // the sender's TCP port
  Hop hop;
  std::string ingress_tap;  // R: the tap that hands the data to the router
  std::string egress_tap;   // B
  Mtu ingress_mtu;          // the router's
  Mtu egress_mtu;
  bool router_lro = false;  // the router's ingress NIC, wanted state
  std::vector<WantedFeature> features;
  std::vector<WantedMtu> mtus;
  std::map<std::string, HypervisorLro> taps;  // tap -> injected setting; every tap of the device under test
  std::vector<std::string> routers;           // nodes that must forward
  bool needs_merging = false;                 // a pass without superframes at the router proves nothing
  double duration_seconds = 0;
  double warmup_seconds = 0;
  bool operator==(const LegIntent&) const = default;
};

}  // namespace offlab
