// Captures without a lab: the same files, the same faults.
#include "runner/analyze_captures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "base/error.h"
#include "folders.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

fs::path capture(const std::string& id, const std::string& tap) {
  return recorded_run_path / RunFolder::leg_folder(recorded_case(id), LegRole::measured) / (tap + ".pcapng");
}

JudgedCaptures both(const std::string& id, const AssumedRouter& router = {}) {
  return analyze_captures({{capture(id, "router-wan")}, {capture(id, "router-lan")}}, router);
}

const Finding& named(const JudgedCaptures& judged, Invariant invariant) {
  return *std::find_if(judged.verdict.findings.begin(), judged.verdict.findings.end(),
                       [&](const Finding& finding) { return finding.invariant == invariant; });
}

TEST(AnalyzeCaptures, AStormIsAStorm) {
  const JudgedCaptures judged = both("hypervisor-lro");
  EXPECT_EQ(judged.verdict.outcome, Outcome::fail);
  EXPECT_EQ(judged.verdict.classes.at(0), FaultClass::lro_orphan_storm);
  EXPECT_EQ(judged.flow.source_port, 5201);
  EXPECT_EQ(judged.measured.capture->bogus, 18U);
}

TEST(AnalyzeCaptures, HealthyIsHealthyAndCountersStayUnjudged) {
  const JudgedCaptures judged = both("control-lro-on");
  EXPECT_EQ(judged.verdict.outcome, Outcome::pass);
  EXPECT_EQ(judged.verdict.classes.at(0), FaultClass::healthy);
  for (const Invariant invariant : {Invariant::icmp_accounting, Invariant::state_held, Invariant::kernel_log})
    EXPECT_EQ(named(judged, invariant).outcome, Outcome::inconclusive) << to_string(invariant);
}

// A router that drops what is longer than 1000 B: of the transfer only its handshake gets through, and all of iperf3's
// control connection.
TEST(AnalyzeCaptures, ABlackHoleIsJudgedByWhatWentIntoIt) {
  const fs::path folder = fs::path(tests_folder()) / "data/black-hole";
  for (const bool swapped : {false, true}) {
    const fs::path before = folder / "before.pcapng";
    const fs::path behind = folder / "behind.pcapng";
    const auto judged =
        swapped ? analyze_captures({{behind}, {before}}, {}) : analyze_captures({{before}, {behind}}, {});
    EXPECT_EQ(fs::path(judged.ingress), before) << swapped;
    EXPECT_EQ(judged.flow.source_port, 5201) << swapped;
    EXPECT_EQ(judged.verdict.outcome, Outcome::fail) << swapped;
    EXPECT_EQ(judged.verdict.classes.at(0), FaultClass::silent_size_drop) << swapped;
  }
}

fs::path snapshot(const std::string& id, const std::string& moment, const std::string& node) {
  return recorded_run_path / RunFolder::leg_folder(recorded_case(id), LegRole::measured) / moment / (node + ".txt");
}

ForeignEvidence with_counters(const std::string& id) {
  ForeignEvidence evidence{{capture(id, "router-wan")}, {capture(id, "router-lan")}};
  for (const auto& [whose, node] :
       std::map<std::string, std::string>{{"router", "router"}, {"sender", "server"}, {"receiver", "client"}})
    evidence.counters[whose] = {snapshot(id, "before", node), snapshot(id, "after", node)};
  return evidence;
}

TEST(AnalyzeCaptures, CountersAreJudgedWhenTheyAreGiven) {
  const JudgedCaptures judged = analyze_captures(with_counters("control-lro-on"), {});
  EXPECT_EQ(judged.verdict.outcome, Outcome::pass);
  for (const Invariant invariant : {Invariant::icmp_accounting, Invariant::df_preserved})
    EXPECT_EQ(named(judged, invariant).outcome, Outcome::pass) << to_string(invariant);
  EXPECT_EQ(named(judged, Invariant::state_held).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged.measured.frag_fails, 0U);
}

TEST(AnalyzeCaptures, CountersOfOneMachineTellOfThatOne) {
  ForeignEvidence evidence = with_counters("hypervisor-lro");
  evidence.counters.erase("sender");
  evidence.counters.erase("receiver");
  const JudgedCaptures judged = analyze_captures(evidence, {});
  EXPECT_EQ(judged.verdict.classes.at(0), FaultClass::lro_orphan_storm);
  EXPECT_GT(judged.measured.frag_fails.value_or(0), 0U);
  EXPECT_FALSE(judged.measured.frag_needed_sender);
  EXPECT_EQ(named(judged, Invariant::icmp_accounting).outcome, Outcome::inconclusive);
}

// The readings in the wrong order, as after a restart of the machine.
TEST(AnalyzeCaptures, CountersThatWentBackAreNotCounted) {
  ForeignEvidence evidence = with_counters("hypervisor-lro");
  for (auto& [whose, files] : evidence.counters) std::swap(files.before, files.after);
  const JudgedCaptures judged = analyze_captures(evidence, {});
  EXPECT_FALSE(judged.measured.frag_fails);
  EXPECT_EQ(named(judged, Invariant::icmp_accounting).outcome, Outcome::inconclusive);
}

TEST(AnalyzeCaptures, AFileWithoutCountersIsRefused) {
  TempFolder folder;
  std::ofstream(folder.path() / "text") << "no counters\nat all\n";
  ForeignEvidence evidence = with_counters("control-lro-on");
  evidence.counters["router"].after = folder.path() / "text";
  EXPECT_THROW(analyze_captures(evidence, {}), Error);
  evidence.counters["router"].after = folder.path() / "missing";
  EXPECT_THROW(analyze_captures(evidence, {}), Error);
}

TEST(AnalyzeCaptures, TheOrderOfTheFilesIsFound) {
  const JudgedCaptures judged =
      analyze_captures({{capture("hypervisor-lro", "router-lan")}, {capture("hypervisor-lro", "router-wan")}}, {});
  EXPECT_EQ(fs::path(judged.ingress).filename(), "router-wan.pcapng");
  EXPECT_EQ(judged.verdict.classes.at(0), FaultClass::lro_orphan_storm);
}

TEST(AnalyzeCaptures, OneFileTellsOfErrorsAndNothingOfWhatLeft) {
  const JudgedCaptures storm = analyze_captures({{capture("hypervisor-lro", "router-wan")}}, {});
  EXPECT_EQ(storm.verdict.classes.at(0), FaultClass::lro_orphan_storm);
  EXPECT_EQ(named(storm, Invariant::coverage).outcome, Outcome::inconclusive);
  const JudgedCaptures healthy = analyze_captures({{capture("control-lro-on", "router-wan")}}, {});
  EXPECT_EQ(healthy.verdict.outcome, Outcome::inconclusive);
}

TEST(AnalyzeCaptures, TheStateOfLroDecidesBetweenOrphansAndGuesses) {
  AssumedRouter router;
  router.lro = true;
  EXPECT_EQ(both("smaller-client-mtu", router).verdict.classes.at(0), FaultClass::wrong_gso_size);
  router.lro = false;
  EXPECT_EQ(both("smaller-client-mtu", router).verdict.classes.at(0), FaultClass::lro_orphan_storm);
}

TEST(AnalyzeCaptures, WhatIsNoCaptureIsRefused) {
  const TempFolder folder;
  std::ofstream(folder.path() / "text.pcap") << "this is no capture, however long it goes on";
  EXPECT_THROW(analyze_captures({{folder.path() / "text.pcap"}}, {}), Error);
  EXPECT_THROW(analyze_captures({{folder.path() / "missing.pcap"}}, {}), Error);
}

TEST(AnalyzeCaptures, ACutFileIsReadUpToThere) {
  const TempFolder folder;
  const fs::path cut = folder.path() / "cut.pcapng";
  fs::copy_file(capture("hypervisor-lro", "router-wan"), cut);
  fs::resize_file(cut, fs::file_size(cut) / 2);
  const JudgedCaptures judged = analyze_captures({{cut}}, {});
  EXPECT_NE(judged.cut_off, "");
  EXPECT_EQ(judged.verdict.classes.at(0), FaultClass::lro_orphan_storm);
}

}  // namespace
}  // namespace offlab
