// What a lab does not show cannot be judged, and the verdict says so.
#include "model/observability.h"

#include <gtest/gtest.h>

#include "measure/measure_leg.h"
#include "measured_cases.h"

namespace offlab {
namespace {

// As the leg would have been recorded in a lab that shows no more.
RecordedLeg as_shown(RecordedLeg leg, const Observability& observable) {
  leg.intent.observable = observable;
  for (HopIntent& hop : leg.intent.hops)
    if (observable.captures.count(CaptureSide::host) == 0) hop.ingress = hop.egress = std::nullopt;
  if (observable.captures.empty()) leg.seen.captures.clear();
  if (!observable.samples) leg.seen.samples.clear();
  for (Snapshot* snapshot : {&leg.seen.before, &leg.seen.after}) {
    if (!observable.tap_states) snapshot->taps.clear();
    if (!observable.guest_counters) snapshot->nodes.clear();
  }
  return leg;
}

MeasuredCase shown(std::string_view id, const Observability& observable) {
  const RecordedLeg leg = as_shown(recorded_leg(id), observable);
  const RecordedLeg control = as_shown(recorded_leg(id, LegRole::control), observable);
  MeasuredCase measured = measured_case(id);
  measured.intent = leg.intent;
  measured.control_intent = control.intent;
  measured.measured = leg.measure();
  measured.control = control.measure();
  return measured;
}

const Finding& named(const CaseResult& result, Invariant invariant) {
  for (const Finding& finding : result.findings)
    if (finding.invariant == invariant) return finding;
  throw std::logic_error("no such finding");
}

void expect_unshown(const CaseResult& result, std::initializer_list<Invariant> invariants) {
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.fault_class, std::nullopt);
  for (const Invariant invariant : invariants) {
    const Finding& finding = named(result, invariant);
    EXPECT_EQ(finding.outcome, Outcome::inconclusive) << to_string(invariant);
    EXPECT_NE(finding.text.find("this lab does not show"), std::string::npos)
        << to_string(invariant) << ": " << finding.text;
  }
}

CaseResult judged(std::string_view id, const Observability& observable) {
  return judge_case(shown(id, observable), options(), Question::healthy);
}

TEST(UnobservableLab, WithEverythingShownIsJudgedAsRecorded) {
  EXPECT_EQ(judged("control-lro-on", {}).outcome, Outcome::pass);
  EXPECT_EQ(judged("hypervisor-lro", {}).fault_class, FaultClass::lro_orphan_storm);
}

TEST(UnobservableLab, WithoutTapsIsNoPass) {
  const Observability no_taps{.captures = {}, .tap_states = false, .samples = false};
  for (const char* id : {"control-lro-on", "hypervisor-lro"}) {
    const CaseResult result = judged(id, no_taps);
    expect_unshown(
        result, {Invariant::stimulus_present, Invariant::egress_size, Invariant::coverage, Invariant::forwarding_loss,
                 Invariant::bogus_frag_needed, Invariant::integrity, Invariant::state_held, Invariant::liveness});
    EXPECT_NE(result.reason.find("this lab does not show"), std::string::npos) << result.reason;
  }
}

TEST(UnobservableLab, WithoutTheStateOfTapsDoesNotKnowWhatWasForced) {
  expect_unshown(judged("control-lro-on", {.tap_states = false}), {Invariant::state_held});
}

TEST(UnobservableLab, WithoutSamplesDoesNotKnowWhetherAnInjectionStayed) {
  const CaseResult forced = judged("hypervisor-lro", {.samples = false});
  EXPECT_NE(named(forced, Invariant::state_held).text.find("samples of taps during the transfer, which this lab does"),
            std::string::npos);
  EXPECT_EQ(judged("control-lro-on", {.samples = false}).outcome, Outcome::pass);  // nothing was forced
}

TEST(UnobservableLab, WithoutGuestCountersIsNoPass) {
  expect_unshown(judged("control-lro-on", {.guest_counters = false}),
                 {Invariant::icmp_accounting, Invariant::integrity, Invariant::df_preserved, Invariant::retransmits,
                  Invariant::state_held, Invariant::kernel_log});
}

}  // namespace
}  // namespace offlab
