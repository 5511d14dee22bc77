// The rows say what the judges do.
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "folders.h"
#include "measured_cases.h"

namespace offlab {
namespace {

using Names = std::set<std::string_view>;

Names names_of(const std::function<bool(const InvariantRow&)>& wanted) {
  Names names;
  for (const InvariantRow& row : invariant_rows())
    if (wanted(row)) names.insert(to_string(row.id));
  return names;
}

Names that_need(Need need) {
  return names_of([need](const InvariantRow& row) { return needs(row, need); });
}

// Healthy, and with a fixed-byte transfer.
MeasuredCase whole_case() {
  MeasuredCase measured = healthy_case();
  measured.intent.integrity_bytes = 1'000'000;
  measured.measured.stream = StreamMeasurement{true, true, 1'000'000, "a", "a", ""};
  measured.reference = measured.control;
  return measured;
}

std::vector<Finding> judged_all(const MeasuredCase& measured, bool with_control = true) {
  return judge_invariants({measured.intent, measured.measured, with_control ? &measured.control : nullptr, "",
                           options(), 0, with_control && measured.reference ? &*measured.reference : nullptr});
}

Names with(const std::vector<Finding>& findings, Outcome outcome) {
  Names names;
  for (const Finding& finding : findings)
    if (finding.outcome == outcome) names.insert(to_string(finding.invariant));
  return names;
}

void no_counters(LegMeasurements& leg) {
  for (Count* count : {&leg.frag_fails, &leg.frag_needed_router, &leg.frag_needed_sender, &leg.frag_needed_path,
                       &leg.frag_oks, &leg.frag_creates, &leg.reassembly_requests, &leg.retransmitted_segments,
                       &leg.sent_segments, &leg.checksum_errors, &leg.dropped_by_receiver})
    count->reset();
}

// How each kind of evidence is missing from what was measured. A leg without a control is another matter.
const std::map<Need, void (*)(LegMeasurements&)> taken_away = {
    {Need::captures, [](LegMeasurements& leg) { leg.capture.reset(); }},
    {Need::egress_capture, [](LegMeasurements& leg) { leg.capture.value().has_egress = false; }},
    {Need::counters, no_counters},
    {Need::settings, [](LegMeasurements& leg) { leg.missing.emplace_back("mtu lan of client"); }},
    {Need::kernel_log, [](LegMeasurements& leg) { leg.kernel_logs_read = false; }},
    {Need::transfer_report, [](LegMeasurements& leg) { leg.goodput_bps.reset(); }},
    {Need::stream, [](LegMeasurements& leg) { leg.stream.reset(); }},
};

TEST(InvariantRows, AreOneForEachInvariantInTheirOrder) {
  ASSERT_EQ(invariant_rows().size(), all_invariants.size());
  for (const Invariant invariant : all_invariants) EXPECT_EQ(row_of(invariant).id, invariant) << to_string(invariant);
}

TEST(InvariantRows, HaveAJudgeOrLookAtAWholeRun) {
  for (const InvariantRow& row : invariant_rows()) {
    EXPECT_EQ(row.judge == nullptr, row.scope == InvariantScope::run) << to_string(row.id);
    EXPECT_EQ(row.needs.empty(), row.scope == InvariantScope::run) << to_string(row.id);
    EXPECT_FALSE(row.holds_when.empty()) << to_string(row.id);
  }
}

TEST(InvariantRows, NeedWhatCameInToLookAtWhatLeft) {
  for (const InvariantRow& row : invariant_rows())
    EXPECT_TRUE(!needs(row, Need::egress_capture) || needs(row, Need::captures)) << to_string(row.id);
}

TEST(InvariantRows, PassWithAllTheyNeed) {
  const auto findings = judged_all(whole_case());
  EXPECT_EQ(with(findings, Outcome::pass),
            names_of([](const InvariantRow& row) { return row.scope != InvariantScope::run; }));
}

TEST(InvariantRows, OfWhoNeedsWhatIsMissingAreInconclusiveAndNoOther) {
  for (const auto& [need, take_away] : taken_away) {
    MeasuredCase measured = whole_case();
    take_away(measured.measured);
    const auto findings = judged_all(measured);
    EXPECT_EQ(with(findings, Outcome::inconclusive), that_need(need)) << static_cast<int>(need);
    EXPECT_EQ(with(findings, Outcome::fail), Names()) << static_cast<int>(need);
  }
}

TEST(InvariantRows, OfWhoNeedsAControlAreLeftOutWithoutOne) {
  EXPECT_EQ(with(judged_all(whole_case(), false), Outcome::pass), names_of([](const InvariantRow& row) {
              return row.scope != InvariantScope::run && !needs(row, Need::control) && !needs(row, Need::reference);
            }));
}

TEST(InvariantRows, OfTheWholeFlowAreJudgedAtTheFirstDeviceOnly) {
  MeasuredCase measured = whole_case();
  measured.intent.hops.push_back(measured.intent.hops.front());
  const auto findings = judge_invariants({measured.intent, measured.measured, &measured.control, "", options(), 1});
  EXPECT_EQ(with(findings, Outcome::pass),
            names_of([](const InvariantRow& row) { return row.scope == InvariantScope::each_device; }));
}

// The same with what a lab records; state-held names whatever was not read.
TEST(InvariantRows, NeedWhatTheLabRecords) {
  const auto without = [](const std::string& section) {
    return [section](RecordedLeg& leg) {
      for (Snapshot* snapshot : {&leg.seen.before, &leg.seen.after})
        for (auto& [node, text] : snapshot->nodes)
          if (text.find("==> " + section + " <==") != std::string::npos) text = without_section(text, section);
    };
  };
  const std::map<Need, std::function<void(RecordedLeg&)>> unrecorded = {
      {Need::captures, [](RecordedLeg& leg) { leg.intent.hops.at(0).ingress.reset(); }},
      {Need::counters, without("/proc/net/snmp")},
      {Need::settings, without("ip_forward")},
      {Need::kernel_log, without("kernel log")},
      {Need::transfer_report, [](RecordedLeg& leg) { leg.seen.transfer.client_json.clear(); }},
  };
  for (const auto& [need, change] : unrecorded) {
    RecordedLeg leg = recorded_leg("control-lro-on");
    change(leg);
    MeasuredCase measured = healthy_case();
    measured.measured = leg.measure();
    measured.reference = measured.control;
    Names expected = that_need(need);
    if (!measured.measured.missing.empty()) expected.insert(to_string(Invariant::state_held));
    EXPECT_EQ(with(judged_all(measured), Outcome::inconclusive), expected) << static_cast<int>(need);
  }
}

TEST(InvariantRows, TellWhatNoCaptureTells) {
  const Names beyond = names_of([](const InvariantRow& row) { return needs_more_than_captures(row); });
  for (const char* name : {"icmp-accounting", "integrity", "df-preserved", "state-held", "kernel-log"})
    EXPECT_EQ(beyond.count(name), 1U) << name;
  for (const char* name : {"egress-size", "coverage", "amplification", "duplicates", "reordering"})
    EXPECT_EQ(beyond.count(name), 0U) << name;
}

TEST(InvariantRows, AreBlindInsideOfAGuestOnlyWhereTheyNeedTheCapture) {
  for (const InvariantRow& row : invariant_rows())
    for (const BlindInside& blind : row.blind_inside)
      EXPECT_TRUE(needs(row, blind.point == &HopIntent::ingress ? Need::captures : Need::egress_capture))
          << to_string(row.id);
}

TEST(InvariantRows, HaveTheLimitsOfTheFile) {
  Limits limits;
  for (const FileLimit& limit : file_limits) {
    limits.*limit.value = 0.25;
    EXPECT_EQ(limit_of(row_of(limit.invariant), limits, {}), 0.25) << to_string(limit.invariant);
  }
  MeasureOptions measure;
  measure.throughput_floor = 0.75;
  EXPECT_EQ(limit_of(row_of(Invariant::throughput_floor), {}, measure), 0.75);
  EXPECT_EQ(limit_of(row_of(Invariant::egress_size), {}, {}), 0);
  EXPECT_EQ(limit_of(row_of(Invariant::family_symmetry), {}, {}), std::nullopt);
}

TEST(InvariantRows, AreTheTableOfTheDocumentation) {
  std::ifstream file(source_folder() + "/docs/verdict.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("<!-- offlab schema --invariants -->\n\n" + invariant_table() + "\n<!-- end -->"),
            std::string::npos)
      << "run: offlab schema --invariants, and put it between the marks in docs/verdict.md";
}

}  // namespace
}  // namespace offlab
