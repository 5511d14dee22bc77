// expected.json of a bundle: what a reproduction should show. Schema "offlab.bundle/1".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/fault_class.h"
#include "model/observation.h"
#include "model/verdict.h"

namespace offlab {

// A counter of a guest, as measure/counters.h names it ("Ip.FragFails"), and by how much it grew.
struct ExpectedCounter {
  std::string node;
  std::string name;
  std::uint64_t in_case = 0;
  std::uint64_t in_control = 0;
  bool matters = false;  // the class depends on it
  bool operator==(const ExpectedCounter&) const = default;
};

struct Expected {
  std::string name = {};  // of the bundle
  std::string case_id = {};
  FaultClass fault_class = FaultClass::unknown;
  std::string offlab = {};  // version that made it
  double warmup_seconds = 0;
  std::optional<double> case_goodput_bps = {};
  std::optional<double> control_goodput_bps = {};
  std::vector<ExpectedCounter> counters = {};
  bool has_lab = true;    // topology.toml is there
  bool imitates = false;  // it imitates machines that exist: only the class is compared
  bool anonymised = false;
  bool operator==(const Expected&) const = default;
};

std::string expected_json(const Expected& expected);
// Throws Error for a text that is none.
Expected expected_from_json(std::string_view text);

// By how much counters grew that tell of refused packets, fragments and errors. Those of routers that make a class
// matter, whether or not they grew.
std::vector<ExpectedCounter> grown_counters(const LegObservation& in_case, const LegObservation& in_control,
                                            const std::vector<std::string>& routers,
                                            const std::vector<std::string>& ends);

}  // namespace offlab
