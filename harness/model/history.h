// What nights have left behind: one row for each attempt at a case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/verdict.h"

namespace offlab {

// What figures are compared within, never across.
struct HistoryHost {
  std::string name;
  std::string accelerator;  // "kvm", "tcg"
  std::string qemu;
  std::string kernel;
  auto operator<=>(const HistoryHost&) const = default;
};

struct NightEntry {
  std::string id;  // of the night's folder, unique in a history
  std::string campaign;
  std::string started;        // ISO 8601, UTC
  std::string finished = {};  // empty: it goes on, or was killed
  std::string folder = {};
  bool operator==(const NightEntry&) const = default;
};

struct HistoryRow {
  std::string night;
  std::string part;  // of the campaign
  std::string case_id;
  unsigned attempt = 1;  // the last one of a case is what the night says of it
  bool last = true;
  HistoryHost host = {};
  std::string offlab = {};                     // version
  std::string image = {};                      // digest of what the lab's guests ran
  std::string file_digest = {};                // of the topology file and those it extends
  std::string case_digest = {};                // of what was asked
  Outcome outcome = Outcome::error;            // as the night counts it
  std::optional<FaultClass> fault_class = {};  // nothing where nothing could be judged
  std::string recorded = {};                   // "recorded", "skipped", "broken", "left-out"; empty: not tried
  std::string reason = {};
  std::optional<double> goodput_bps = {};  // of the case, and of the same night's control
  std::optional<double> control_bps = {};
  double seconds = 0;
  std::string folder = {};  // the case's, with the evidence
  bool operator==(const HistoryRow&) const = default;
};

// ln(goodput / control); nothing where one is missing or 0.
std::optional<double> log_ratio(const HistoryRow& row);

// A change of level that was seen in a series.
struct Alarm {
  std::string night;  // in which it was seen
  std::string part;
  std::string case_id;
  HistoryHost host = {};
  std::string since;  // the first night of the new level
  double before = 0;  // ln(goodput / control) of the level before it
  double change = 0;  // from that level to the new one
  double p_value = 1;
  std::string answer = {};  // of the confirming measurement: "worse", "not-worse", "undecided"; empty: none yet
  bool operator==(const Alarm&) const = default;
};

// A change that somebody knows about.
struct Acknowledgement {
  std::string part;
  std::string case_id;
  std::string night;  // it covers changes that begin in this night
  std::string reason;
  std::string at = {};  // ISO 8601, UTC
  bool operator==(const Acknowledgement&) const = default;
};

}  // namespace offlab
