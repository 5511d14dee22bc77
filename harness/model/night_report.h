// What a night found, for whoever is on call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/history.h"
#include "model/quarantine.h"
#include "model/verdict.h"

namespace offlab {

// Does a result of the case count for the night's answer?
enum class Standing {
  gates,         // a result that is no pass fails the night
  experimental,  // the topology file says so
  unproven,      // its file is new, or has changed: not three passes in a row yet
  quarantined,   // with this class
};

constexpr std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::gates:
      return "gates";
    case Standing::experimental:
      return "experimental";
    case Standing::unproven:
      return "unproven";
    case Standing::quarantined:
      return "quarantined";
  }
  return "?";
}

// One case with other inputs, after it has failed. `fails`: nothing where it was not run; `why_not` says why.
struct Repeat {
  std::optional<bool> fails = {};
  std::string fault_class = {};
  std::string why_not = {};
  std::string folder = {};
  bool operator==(const Repeat&) const = default;
};

struct Repeats {
  Repeat again;
  Repeat last_good_image;
  Repeat last_good_offlab;
  Repeat last_good_both;
  bool operator==(const Repeats&) const = default;
};

struct NightCaseReport {
  std::string part;
  CaseResult result;
  Standing standing = Standing::gates;
  std::string note = {};  // why it stands so: "quarantine of alice until 2026-12-24: ..."
  bool fresh = false;     // it passed the last time
  std::optional<Repeats> repeats = {};
  std::string cause = {};   // one sentence about a fresh failure
  std::string folder = {};  // the part's run folder
  HistoryHost host = {};    // that it ran on
  bool operator==(const NightCaseReport&) const = default;
};

struct NightPartReport {
  std::string name;
  std::string folder = {};
  std::string trouble = {};  // why it has no results
  bool operator==(const NightPartReport&) const = default;
};

struct NightReport {
  std::string campaign;
  std::string night;
  HistoryHost host = {};  // of several, their names and what they have, each once
  std::string started = {};
  double seconds = 0;
  std::optional<double> deadline_seconds = {};
  std::vector<NightPartReport> parts = {};
  std::vector<NightCaseReport> cases = {};
  std::vector<Alarm> alarms = {};       // new ones, and those that are not answered
  std::vector<std::string> notes = {};  // on the quarantine file, on flakes
  bool interrupted = false;
  Outcome outcome = Outcome::error;
  bool operator==(const NightReport&) const = default;
};

}  // namespace offlab
