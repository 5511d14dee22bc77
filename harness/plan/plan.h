// A run, planned: which labs are built, and what is done in each.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/guest_value.h"
#include "model/leg.h"
#include "model/scenario.h"
#include "model/verdict.h"
#include "plan/step.h"

namespace offlab {

struct NicPlan {
  std::string network;
  std::string device;  // what the guest calls it
  std::string tap;
  std::string mac;
  NicModel model = NicModel::virtio;
  std::string bridge;  // the network's, or that of a merge stage
  std::map<std::string, bool> host_offloads = {};
  std::map<std::string, bool> guest_offloads = {};
  std::vector<std::string> also = {};  // further networks on it, where it is on a trunk
  unsigned queues = 1;
  bool own = false;                         // other networks of the trunk are on other NICs of the node
  std::optional<unsigned> slot = {};        // on the guest's PCI bus; nothing: the next one that is free
  std::optional<CaptureHost> capture = {};  // of an existing machine; nothing: inside of it
  bool operator==(const NicPlan&) const = default;
};

// All networks that a NIC is on.
std::vector<std::string> networks_of(const NicPlan& nic);
bool is_on(const NicPlan& nic, const std::string& network);

// What the topology file says of a guest that has a configuration of its own.
struct GuestState {
  struct Nic {
    std::string device;
    std::string mac;
    Mtu mtu;
    std::vector<std::string> addresses = {};  // "203.0.113.1/24"
    bool operator==(const Nic&) const = default;
  };
  std::vector<Nic> nics = {};  // empty: nothing is expected
  bool forwards_ipv4 = false;
  bool forwards_ipv6 = false;
  bool operator==(const GuestState&) const = default;
};

// What the legs of a lab switch on an existing machine: what has to be put back.
struct Switched {
  std::set<std::string> offloads = {};  // devices
  std::set<std::string> mtus = {};      // devices
  std::set<GuestFile> files = {};
  bool operator==(const Switched&) const = default;
};

inline bool is_empty(const Switched& switched) {
  return switched.offloads.empty() && switched.mtus.empty() && switched.files.empty();
}

struct NodePlan {
  std::string name;
  std::string image;
  std::string kernel;  // release; empty: the image's own
  unsigned vcpus = 1;
  unsigned memory_mib = 192;
  bool device_under_test = false;
  std::string management_mac;
  std::vector<NicPlan> nics;
  std::vector<std::string> addresses;  // for a person: "wan 198.18.2.1/24"
  std::string netns = {};              // the network namespace that flows begin and end in; empty: its own
  std::optional<DiskImage> disk = {};  // that it boots; nothing: offlab's own kernel and initrd
  GuestState expected = {};            // of a guest that offlab does not configure: what it must have configured itself
  std::optional<MachineLogin> existing = {};  // it is there already; nothing: it is started
  Switched switched = {};                     // of an existing machine
  bool operator==(const NodePlan&) const = default;
};

struct BridgePlan {
  std::string name;
  Mtu mtu;  // what the medium carries: at least 1500, so that a frame that is too long is seen, not lost; or host_mtu
  bool operator==(const BridgePlan&) const = default;
};

// Between the wire and one NIC of a device under test: wire bridge - wire port | router port - router bridge - tap.
struct StagePlan {
  std::string node;
  std::string network;
  std::string wire_port;
  std::string router_port;
  std::string router_bridge;
  std::string wire_bridge = {};  // of the network's link
  bool operator==(const StagePlan&) const = default;
};

struct LegPlan {
  LegRole role = LegRole::measured;
  LegIntent intent = {};
  std::vector<Step> steps = {};
  unsigned round = 1;  // those after the first are measured only while the comparison is undecided
  bool operator==(const LegPlan&) const = default;
};

struct CasePlan {
  std::string id;
  std::string folder = {};  // in the run folder: "cases/01-hypervisor-lro"
  std::vector<SettingText> axes = {};
  Expectation expect = FaultClass::healthy;
  std::vector<LegPlan> legs = {};  // a control and a case each round: A B, then B A, and so on
  std::string digest = {};         // of what is asked (record/digests.h); empty in plans of earlier versions
  bool operator==(const CasePlan&) const = default;
};

// Machines that are started together, and the cases that need nothing else than these.
struct LabPlan {
  std::string name;  // "lab-1"
  Observability observable = {};
  std::vector<BridgePlan> bridges;
  std::vector<StagePlan> stages;
  std::vector<NodePlan> nodes;
  std::optional<HostLro> host_lro = {};  // before its machines are reached
  std::vector<Step> configuration;       // once, after boot
  std::vector<CasePlan> cases;
  bool operator==(const LabPlan&) const = default;
};

struct RunPlan {
  std::string name;
  std::string summary = {};
  Question question = Question::healthy;
  MeasureOptions measure = {};
  std::vector<LabPlan> labs = {};
  std::string digest = {};  // of all cases and how they are measured
  bool operator==(const RunPlan&) const = default;
};

// All of its machines exist already.
bool is_existing(const LabPlan& lab);
// What it runs: machines of offlab's own run Linux.
SystemKind system_of(const NodePlan& node);

// Names what a node boots: its image, and its kernel where it is not the image's own.
std::string image_key(const NodePlan& node);

// How long a leg's traffic takes at most, its warm-up included.
double traffic_seconds(const LegPlan& leg);
// The same of a case, without the rounds that are there in case of doubt.
double usual_traffic_seconds(const CasePlan& plan);

// What is kept of a leg is in the case's folder under this name: "control", "case", "control-2".
std::string leg_name(LegRole role, unsigned round);

}  // namespace offlab
