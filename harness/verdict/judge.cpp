#include "verdict/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "verdict/classify.h"
#include "verdict/diagnosis.h"
#include "verdict/invariants.h"
#include "verdict/observed.h"

namespace offlab {
namespace {

bool any(const std::vector<Finding>& findings, Outcome outcome) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.outcome == outcome; });
}

const Finding* first(const std::vector<Finding>& findings, Outcome outcome) {
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.outcome == outcome; });
  return found == findings.end() ? nullptr : &*found;
}

// The first device's, when several are under test.
const Finding& finding_of(const std::vector<Finding>& findings, Invariant invariant) {
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.invariant == invariant; });
  if (found == findings.end()) throw Error(fmt::format("{} was not judged", to_string(invariant)));
  return *found;
}

bool injection_healed(const LegMeasurements& leg) {
  return std::any_of(leg.differences.begin(), leg.differences.end(),
                     [](const StateDifference& d) { return d.injected; });
}

const LegMeasurements& at(const LegMeasurements& first, const std::vector<LegMeasurements>& later, std::size_t hop) {
  return hop == 0 ? first : later.at(hop - 1);
}

std::string where(const Finding& finding) {
  return fmt::format("{}{}{}", finding.device, finding.device.empty() ? "" : ": ", to_string(finding.invariant));
}

// What the control violated by itself; empty when it is fit to be compared with.
std::string trouble_of_control(const MeasuredCase& measured, const MeasureOptions& options) {
  std::vector<Finding> findings;
  for (std::size_t hop = 0; hop <= measured.later_control.size(); ++hop) {
    const LegEvidence control = {
        measured.control_intent, at(measured.control, measured.later_control, hop), nullptr, "", options, hop};
    for (Finding& finding : judge_invariants(control))
      // What cannot be told from inside of a router is no trouble: in the case it is left open as well.
      if (finding.outcome != Outcome::inconclusive || !is_blind_there(row_of(finding.invariant), control))
        findings.push_back(std::move(finding));
  }
  for (const Outcome outcome : {Outcome::fail, Outcome::inconclusive})
    if (const Finding* finding = first(findings, outcome)) return fmt::format("{}: {}", where(*finding), finding->text);
  return {};
}

// A healed injection makes every other evidence worthless; a violation that was seen is seen, whatever else is missing.
Outcome outcome_of(const MeasuredCase& measured, const std::vector<Finding>& findings) {
  if (injection_healed(measured.measured)) return Outcome::inconclusive;
  if (any(findings, Outcome::fail)) return Outcome::fail;
  return any(findings, Outcome::inconclusive) ? Outcome::inconclusive : Outcome::pass;
}

void explain(CaseResult& result, const MeasuredCase& measured, const std::string& control_trouble, Question question) {
  if (result.forwarding == Outcome::inconclusive) {
    // A healed injection is the cause; what is missing besides is its consequence.
    const Finding* finding = injection_healed(measured.measured) ? &finding_of(result.findings, Invariant::state_held)
                                                                 : first(result.findings, Outcome::inconclusive);
    result.reason = fmt::format("{}: {}", where(*finding), finding->text);
  }
  // Where bytes were lost, coverage tells of them.
  if (result.fault_class == FaultClass::unknown && !result.measured->nic_errors.empty() &&
      finding_of(result.findings, Invariant::coverage).outcome != Outcome::fail)
    result.reason = fmt::format("the router's NICs counted errors: {}", fmt::join(result.measured->nic_errors, ", "));
  if (result.fault_class == FaultClass::unknown && result.reason.empty() && !control_trouble.empty())
    result.reason = std::string(control_is_bad) + control_trouble;
  if (question == Question::as_expected && result.outcome == Outcome::fail)
    result.reason = fmt::format("expected {}, found {}", to_string(result.expect), to_string(*result.fault_class));
}

Outcome answer(const CaseResult& result, Question question) {
  if (question == Question::healthy || !result.fault_class) return result.forwarding;
  // Honest path MTU discovery that converges is healthy forwarding.
  if (result.expect == FaultClass::healthy && result.fault_class == FaultClass::legit_pmtud) return Outcome::pass;
  return *result.fault_class == result.expect ? Outcome::pass : Outcome::fail;
}

}  // namespace

CaseResult judge_case(const MeasuredCase& measured, const MeasureOptions& options, Question question) {
  CaseResult result{.id = measured.id,
                    .axes = measured.axes,
                    .outcome = Outcome::inconclusive,
                    .forwarding = Outcome::inconclusive,
                    .expect = measured.expect,
                    .measured = measured.measured,
                    .control = measured.control};
  // Existing machines that nothing is switched on have no control.
  const bool has_control = !measured.control_intent.hops.empty();
  const std::string trouble = has_control ? trouble_of_control(measured, options) : "";
  std::vector<LegEvidence> devices;
  for (std::size_t hop = 0; hop <= measured.later_measured.size(); ++hop) {
    devices.push_back({.intent = measured.intent,
                       .leg = at(measured.measured, measured.later_measured, hop),
                       .control = has_control ? &at(measured.control, measured.later_control, hop) : nullptr,
                       .control_trouble = trouble,
                       .options = options,
                       .hop = hop,
                       .reference = measured.reference ? &*measured.reference : nullptr});
    result.devices.push_back(devices.back().leg);
    for (Finding& finding : judge_invariants(devices.back())) result.findings.push_back(std::move(finding));
  }
  result.forwarding = outcome_of(measured, result.findings);
  if (result.forwarding == Outcome::pass || result.forwarding == Outcome::fail) {
    const Classification found = classify_path(devices, result.findings);
    result.fault_class = found.fault_class;
    if (found.hop && devices.size() > 1) result.device = device_name(measured.intent.hops.at(*found.hop));
    result.measured = devices.at(found.hop.value_or(0)).leg;
    if (has_control) result.control = *devices.at(found.hop.value_or(0)).control;
  }
  result.outcome = answer(result, question);
  explain(result, measured, trouble, question);
  return result;
}

CaseResult unjudged_case(const std::string& id, const std::vector<SettingText>& axes, const Expectation& expect,
                         Outcome outcome, const std::string& reason) {
  return {.id = id, .axes = axes, .outcome = outcome, .forwarding = outcome, .expect = expect, .reason = reason};
}

}  // namespace offlab
