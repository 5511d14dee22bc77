// The host side of the lab's networks: bridges, taps, captures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/observation.h"

namespace offlab {

// The offload word of a tap (linux/if_tun.h TUN_F_*): what the host may hand to the guest unsegmented.
struct OffloadWord {
  bool checksum = false;
  bool tso4 = false;
  bool tso6 = false;
  bool operator==(const OffloadWord&) const = default;
};

struct CaptureRequest {
  std::string tap;
  std::filesystem::path file;
  std::string description;  // for the file's interface block
  ByteCount limit;
  std::uint32_t snap_length = 192;
  std::string section_comment = {};  // for the file's section header: offloads of the guests and the taps
};

// A running capture; its destructor ends it.
class Capture {
 public:
  virtual ~Capture() = default;
  // ICMP errors seen so far at the point, out of the guest, that complain about packets which already fit: nothing
  // longer than the MTU they advertise went into it. A first look while frames pass; the verdict has a closer one.
  virtual std::uint64_t bogus_errors(const std::string& tap) const = 0;
  // Writes out what was captured and tells how complete it is.
  virtual std::vector<CaptureStatistics> stop() = 0;
};

class HostNetwork {
 public:
  virtual ~HostNetwork() = default;

  // `reachable`: the host gets an IPv6 link-local address on it, to reach the guests.
  virtual void create_bridge(const std::string& name, Mtu mtu, bool reachable) = 0;
  virtual TapState tap_state(const std::string& tap) = 0;
  // Counters and the TSO flag only: cheap enough for ten times a second. `seconds` is left 0.
  virtual TapSample sample(const std::string& tap) = 0;
  // Sets the word on the descriptor that QEMU holds.
  virtual void set_offload_word(const std::string& tap, OffloadWord word) = 0;
  virtual std::unique_ptr<Capture> start_capture(const std::vector<CaptureRequest>& requests) = 0;
};

}  // namespace offlab
