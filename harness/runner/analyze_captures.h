// Captures that were made elsewhere, from file to answer.
#pragma once

#include <filesystem>
#include <optional>

#include "measure/capture_survey.h"
#include "model/verdict.h"

namespace offlab {

struct JudgedCaptures {
  FlowKey flow;
  std::filesystem::path ingress;
  std::optional<std::filesystem::path> egress;
  LegIntent intent;
  LegMeasurements measured;
  std::vector<Finding> findings;
  Outcome outcome;
  FaultClass fault_class;
  std::string cut_off;  // why a file was read only in part; empty when none was
};

// The order of the two files does not matter when the packets' TTL tells it. Throws Error when there is no TCP data in
// them, or when a file is no capture.
JudgedCaptures analyze_captures(const std::filesystem::path& first, const std::optional<std::filesystem::path>& second,
                                const AssumedRouter& router);

}  // namespace offlab
