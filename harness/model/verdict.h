// Findings, and what they add up to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/expectation.h"
#include "model/fault_layer.h"
#include "model/invariant.h"
#include "model/lab_attempt.h"
#include "model/measurement.h"
#include "model/recorded.h"
#include "model/setting.h"

namespace offlab {

// A 95 % confidence interval.
struct ConfidenceInterval {
  double low = 0;
  double high = 0;
  bool operator==(const ConfidenceInterval&) const = default;
};

// The judgement of one invariant. There is no default outcome: whoever makes a Finding has looked.
struct Finding {
  Invariant invariant;
  Outcome outcome;
  std::optional<double> value = {};  // in the invariant's unit
  std::optional<double> limit = {};
  std::string text = {};  // one sentence, names what was seen
  bool warning = false;   // a pass that deserves a look
  std::vector<EvidenceFrame> frames = {};
  std::string device = {};                          // where it was seen, when several are under test
  std::optional<ConfidenceInterval> interval = {};  // of the value, where it is an estimate
  bool operator==(const Finding&) const = default;
};

struct Remedy {
  std::string where;   // "guest", "KVM", "ESXi", "network"
  std::string action;  // a command or a setting
  bool operator==(const Remedy&) const = default;
};

// What a class of fault means, and what to do about it: for whoever has to fix the router.
struct Diagnosis {
  std::string what;                      // happens, in which layer
  std::string counters;                  // why they look as they do
  std::vector<Remedy> remedies;          // the first one that applies is enough
  std::string cost;                      // of the remedy; measured in the run where it was
  std::optional<FaultLayer> layer = {};  // nothing where the class names none
  bool operator==(const Diagnosis&) const = default;
};

struct CaseResult {
  std::string id;
  std::vector<SettingText> axes = {};
  Outcome outcome;     // the answer to the run's question (run: is it healthy? verify: is it as expected?)
  Outcome forwarding;  // is it healthy?
  std::optional<FaultClass> fault_class = {};  // nothing when nothing could be judged
  Expectation expect = FaultClass::healthy;
  std::string reason = {};  // why it was skipped, broke, or is inconclusive
  std::vector<Finding> findings = {};
  std::optional<LegMeasurements> measured = {};  // at the device at fault, or the first one
  std::optional<LegMeasurements> control = {};
  std::vector<std::string> artifacts = {};  // paths in the run folder
  std::string folder = {};
  std::string leg = {};                       // folder of the leg that was judged, relative to the run folder
  std::string device = {};                    // the one at fault, when several are under test
  std::vector<LegMeasurements> devices = {};  // at each device under test, in the direction of the data
  std::optional<Diagnosis> diagnosis = {};    // of the class, where there is one
  std::optional<Recorded> recorded = {};      // what the lab did with it; nothing: it was not tried, or interrupted
  unsigned attempts = 1;                      // the last of them is judged
  LabAttempt lab = {};                        // in which it was recorded
  double seconds = 0;                         // that the judged attempt took; 0 when it was not tried, or is not known
  std::string digest = {};                    // SHA-256 of what was asked (record/digests.h); empty in old recordings
  bool operator==(const CaseResult&) const = default;
};

enum class Question { healthy, as_expected };

// What a lab of the run ran on.
struct LabHost {
  LabAttempt lab;
  std::map<std::string, std::string> host;   // accel, cpus, kernel, qemu, libvirt, offlab
  std::map<std::string, std::string> image;  // name, digest, kernel
  bool operator==(const LabHost&) const = default;
};

struct RunResult {
  Outcome outcome;
  Question question = Question::healthy;
  std::string name;
  std::string summary = {};
  std::map<std::string, std::string> host = {};   // accel, cpus, kernel, qemu, libvirt, offlab
  std::map<std::string, std::string> image = {};  // name, digest, kernel
  std::map<std::string, std::string> packages = {};
  std::string started = {};  // ISO 8601, UTC
  double seconds = 0;
  std::vector<CaseResult> cases = {};
  std::string plan_digest = {};    // SHA-256 of all that was asked
  std::vector<LabHost> labs = {};  // one for each attempt at a lab
  bool operator==(const RunResult&) const = default;
};

}  // namespace offlab
