// The steps of a lab and of its legs, in the order in which they are carried out. A plan is data: it can be printed,
// sent to a worker as JSON, and kept in the run folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/units.h"
#include "model/leg.h"
#include "model/scenario.h"

namespace offlab::step {

// Commands run as root in one guest, in order; each must exit 0.
struct RunCommands {
  std::string node;
  std::string purpose;  // "addresses", "setup"
  std::vector<std::string> commands;
  bool operator==(const RunCommands&) const = default;
};

// Guest offloads of one interface by canonical name. Nothing: back to what the guest had after its configuration.
using WantedFeatures = std::map<std::string, std::optional<bool>>;

// A value in a file of a guest. Nothing: back to what it was before anybody set it in this lab.
struct SetValue {
  GuestFile file;
  std::optional<std::string> value;
  bool operator==(const SetValue&) const = default;
};

// What a leg wants of one guest. Values that go back do so before the commands; those that are set follow them, and
// offloads come last.
struct NodeSettings {
  std::string node;
  std::vector<std::string> commands;
  std::map<std::string, WantedFeatures> features;  // by device
  std::vector<SetValue> values = {};
  SystemKind system = SystemKind::gnu_linux;
  bool operator==(const NodeSettings&) const = default;
};

inline bool is_empty(const NodeSettings& settings) {
  return settings.commands.empty() && settings.features.empty() && settings.values.empty();
}

// On all nodes at once.
struct ApplySettings {
  std::vector<NodeSettings> nodes;
  bool operator==(const ApplySettings&) const = default;
};

// The initiator of the flow must reach the other end with small packets; otherwise the lab is broken, not the router.
struct CheckPath {
  std::string node;
  IpAddress target;
  bool operator==(const CheckPath&) const = default;
};

// Saves the tap's offload word, then forces it. Last before the transfer: guest actions reset it.
struct ForceTap {
  std::string tap;
  HypervisorLro lro = HypervisorLro::off;
  LroFamilies families = LroFamilies::both;
  bool operator==(const ForceTap&) const = default;
};

// Switches a merge stage.
struct SetMerging {
  std::string wire_port;
  std::string router_port;
  StageMode mode = StageMode::pass;
  bool operator==(const SetMerging&) const = default;
};

// Joins the ends of the flow without the routers: the sender's tap moves to the receiver's bridge, and each end gets a
// way of its own to the other one. Until PartEnds.
struct JoinEnds {
  std::string tap;
  std::string bridge;
  std::string home;               // the tap's own bridge
  std::vector<RunCommands> join;  // in the ends
  std::vector<RunCommands> part;  // undoes it; harmless where nothing was done
  bool operator==(const JoinEnds&) const = default;
};

struct PartEnds {
  bool operator==(const PartEnds&) const = default;
};

// Puts every forced tap back to its saved word and reads that back; switches merge stages off.
struct ReleaseTaps {
  bool operator==(const ReleaseTaps&) const = default;
};

struct CaptureTarget {
  CapturePoint point;
  std::string interface;    // the tap, the port on the wire side of a merge stage, or the guest's device
  std::string description;  // for a person who opens the file
  bool operator==(const CaptureTarget&) const = default;
};

struct StartCapture {
  std::vector<CaptureTarget> targets;
  ByteCount limit;
  std::uint32_t snap_length = 192;
  bool operator==(const StartCapture&) const = default;
};

struct StopCapture {
  bool operator==(const StopCapture&) const = default;
};

// Counters, offload state and kernel log of every guest; the offloads of every tap.
struct TakeSnapshot {
  std::string moment;  // "before", "after"
  bool guests = true;
  bool taps = true;
  bool operator==(const TakeSnapshot&) const = default;
};

// Bulk TCP by iperf3. The receiver connects and pulls, or the sender does and pushes.
struct Transfer {
  std::string sender;
  std::string receiver;
  bool sender_connects = false;
  IpAddress address;  // what the initiator connects to
  std::uint16_t port = 5201;
  std::uint16_t listening_port = 5201;  // another one where a router translates it
  unsigned streams = 1;
  double warmup_seconds = 0;
  double duration_seconds = 0;
  std::vector<std::string> sampled_taps;  // none: nobody watches the transfer
  bool starts_listener = false;           // the end that is connected to has none that waits
  std::optional<BitRate> rate = {};       // of all streams together; nothing: as fast as they can
  bool operator==(const Transfer&) const = default;
};

// A fixed number of random bytes goes from `sender` to `receiver`; both ends' SHA-256 is kept.
struct CheckStream {
  std::string sender;
  std::string receiver;
  bool sender_connects = false;
  IpAddress address;  // what the initiator connects to
  std::uint16_t port = 5202;
  std::uint16_t listening_port = 5202;  // another one where a router translates it
  std::uint64_t bytes = 0;
  bool operator==(const CheckStream&) const = default;
};

// Load between two guests until StopBackground. The listening end starts first.
struct StartBackground {
  std::string sender;
  std::string receiver;
  std::string send;
  std::string receive;
  double seconds = 0;  // after which both end by themselves
  bool sender_connects = false;
  // The commands are iperf3's. Others run until their stdin ends, and print "listening" when the other end may connect
  // and "connected" when it has.
  bool is_iperf3 = false;
  std::uint16_t port = 0;            // of iperf3: what the initiator connects to
  std::uint16_t listening_port = 0;  // another one where a router translates it
  bool operator==(const StartBackground&) const = default;
};

struct StopBackground {
  bool operator==(const StopBackground&) const = default;
};

}  // namespace offlab::step

namespace offlab {

using Step =
    std::variant<step::RunCommands, step::ApplySettings, step::CheckPath, step::SetMerging, step::ForceTap,
                 step::ReleaseTaps, step::StartCapture, step::StopCapture, step::TakeSnapshot, step::Transfer,
                 step::CheckStream, step::StartBackground, step::StopBackground, step::JoinEnds, step::PartEnds>;

// One line for a person: "router: ethtool -K wan lro off".
std::string describe(const Step& step);

}  // namespace offlab
