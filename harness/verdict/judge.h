// Measurements of a case and its control -> the verdict. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/leg.h"
#include "model/scenario.h"
#include "model/verdict.h"

namespace offlab {

struct MeasuredCase {
  std::string id;
  std::vector<SettingText> axes;
  Expectation expect = FaultClass::healthy;
  LegIntent intent = {};
  LegIntent control_intent = {};
  LegMeasurements measured = {};  // at the first device under test
  LegMeasurements control = {};
  // At the devices after it, in the direction of the data.
  std::vector<LegMeasurements> later_measured = {};
  std::vector<LegMeasurements> later_control = {};
  std::optional<LegMeasurements> reference = {};  // without the devices; nothing: there was no such leg
  bool operator==(const MeasuredCase&) const = default;
};

// `question`: is it healthy, or is it as the file expects?
CaseResult judge_case(const MeasuredCase& measured, const MeasureOptions& options, Question question);

// A case of which nothing can be judged: skipped, or broken.
CaseResult unjudged_case(const std::string& id, const std::vector<SettingText>& axes, const Expectation& expect,
                         Outcome outcome, const std::string& reason);

}  // namespace offlab
