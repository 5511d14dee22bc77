// How a running lab is switched at one moment, as its guests and taps say it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/nic_ref.h"
#include "model/offload.h"

namespace offlab {

struct NicState {
  std::uint32_t mtu = 0;
  std::map<std::string, bool> features;  // canonical name -> active; only those that can be switched
  bool operator==(const NicState&) const = default;
};

// The offload word of a tap, and what it was forced to.
struct TapOffloads {
  bool checksum = false;
  bool tso4 = false;
  bool tso6 = false;
  HypervisorLro forced = HypervisorLro::off;
  bool operator==(const TapOffloads&) const = default;
};

struct LiveState {
  std::map<NicRef, NicState> nics;
  std::map<std::string, TapOffloads> taps;  // of every test NIC
  std::map<std::string, bool> df;           // node -> its TCP sets DF
  // Node -> what was ever set there of values in files, by their names.
  std::map<std::string, std::map<std::string, std::string>> values = {};
  bool operator==(const LiveState&) const = default;
};

}  // namespace offlab
