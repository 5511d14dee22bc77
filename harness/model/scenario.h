// What is asked: a topology, the cases in which it is measured, and how.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/expectation.h"
#include "model/setting.h"
#include "model/topology.h"

namespace offlab {

// A dimension of the matrix: one setting and the values it takes.
struct Axis {
  std::string key;
  std::vector<std::string> values;
  bool operator==(const Axis&) const = default;
};

// A [[case]] of the file.
struct NamedCase {
  std::string name;
  std::vector<SettingText> set;
  std::optional<Expectation> expect;
  std::optional<bool> experimental = {};  // nothing: as the file says of all
  bool operator==(const NamedCase&) const = default;
};

// One point of the matrix, or one named case, ready to be planned.
struct Case {
  std::string id;                      // "router.model=vmxnet3,router.lro=off", or the case's name
  std::vector<SettingText> axes = {};  // every setting that this case makes, in file order
  Topology topology;                   // with all of them applied
  Expectation expect = FaultClass::healthy;
  bool experimental = false;  // its result fails no night
  bool operator==(const Case&) const = default;
};

struct MeasureOptions {
  double duration_seconds = 2.5;         // measured, after the warm-up, at most
  double warmup_seconds = 0.5;           // cut from throughput, kept in counts
  bool early_stop = true;                // a transfer ends when more of it would tell nothing new
  unsigned rounds = 2;                   // of control and case, at most
  ByteCount integrity_bytes{1'000'000};  // of the fixed-byte transfer; 0: none
  ByteCount capture_limit{64'000'000};   // a file
  std::uint32_t snap_length = 192;       // bytes a frame
  double throughput_floor = 0.5;         // share of the control's goodput
  bool reference = false;                // a leg without the routers, too
  double reference_floor = 0.1;          // share of its goodput
  // Of each transfer between machines that exist. Nothing limits it between machines of a lab.
  BitRate max_rate{200e6};
  ByteCount max_bytes{1'000'000'000};
  double max_seconds = 30;
  bool operator==(const MeasureOptions&) const = default;
};

struct Scenario {
  std::string name;
  std::string summary;
  Topology topology;                   // as the file has it, before any case
  std::vector<Axis> axes;              // in file order; the first one varies slowest
  std::vector<NamedCase> named_cases;  // in file order
  MeasureOptions measure;
  bool experimental = false;                            // all cases are
  std::vector<std::vector<SettingText>> excluded = {};  // no combination of the axes holds all settings of one of these
  bool operator==(const Scenario&) const = default;
};

// The same topology with every merging layer switched off on the device under test: what a healthy router of the same
// shape carries. Guest LRO and hypervisor LRO go off; NIC models, MTUs and everything else stay.
Topology control_topology(const Topology& topology);

}  // namespace offlab
