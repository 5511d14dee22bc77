// Captures that were made elsewhere, from file to answer.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "measure/capture_survey.h"
#include "verdict/judge_captures.h"

namespace offlab {

// Counters of a machine before and after the traffic, as texts (cat /proc/net/snmp /proc/net/snmp6).
struct CounterFiles {
  std::filesystem::path before;
  std::filesystem::path after;
};

struct ForeignEvidence {
  std::filesystem::path first;
  std::optional<std::filesystem::path> second;
  std::map<std::string, CounterFiles> counters = {};  // of "router", "sender", "receiver"
};

struct JudgedCaptures {
  FlowKey flow;
  std::filesystem::path ingress;
  std::optional<std::filesystem::path> egress;
  LegIntent intent;
  LegMeasurements measured;
  CaptureVerdict verdict;
  std::string cut_off;  // why a file was read only in part; empty when none was
};

// The order of the two captures does not matter when the packets' TTL tells it. Throws Error when there is no TCP data
// in them, or when a file is no capture, has no counters, or has nothing of the other one's transfer.
JudgedCaptures analyze_captures(const ForeignEvidence& evidence, const AssumedRouter& router);

}  // namespace offlab
