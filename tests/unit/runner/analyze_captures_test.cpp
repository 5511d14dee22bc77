// Captures without a lab: the same files, the same faults.
#include "runner/analyze_captures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

fs::path capture(const std::string& id, const std::string& tap) {
  return recorded_run_path / RunFolder::leg_folder(recorded_case(id), LegRole::measured) / (tap + ".pcapng");
}

JudgedCaptures both(const std::string& id, const AssumedRouter& router = {}) {
  return analyze_captures(capture(id, "router-wan"), capture(id, "router-lan"), router);
}

const Finding& named(const JudgedCaptures& judged, const std::string& name) {
  return *std::find_if(judged.findings.begin(), judged.findings.end(),
                       [&](const Finding& finding) { return finding.invariant == name; });
}

TEST(AnalyzeCaptures, AStormIsAStorm) {
  const JudgedCaptures judged = both("hypervisor-lro");
  EXPECT_EQ(judged.outcome, Outcome::fail);
  EXPECT_EQ(judged.fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(judged.flow.source_port, 5201);
  EXPECT_EQ(judged.measured.capture->bogus, 18U);
}

TEST(AnalyzeCaptures, HealthyIsHealthyAndCountersStayUnjudged) {
  const JudgedCaptures judged = both("control-lro-on");
  EXPECT_EQ(judged.outcome, Outcome::pass);
  EXPECT_EQ(judged.fault_class, FaultClass::healthy);
  for (const char* name : {"icmp-accounting", "state-held", "kernel-log"})
    EXPECT_EQ(named(judged, name).outcome, Outcome::inconclusive) << name;
}

TEST(AnalyzeCaptures, TheOrderOfTheFilesIsFound) {
  const JudgedCaptures judged =
      analyze_captures(capture("hypervisor-lro", "router-lan"), capture("hypervisor-lro", "router-wan"), {});
  EXPECT_EQ(judged.ingress.filename(), "router-wan.pcapng");
  EXPECT_EQ(judged.fault_class, FaultClass::lro_orphan_storm);
}

TEST(AnalyzeCaptures, OneFileTellsOfErrorsAndNothingOfWhatLeft) {
  const JudgedCaptures storm = analyze_captures(capture("hypervisor-lro", "router-wan"), std::nullopt, {});
  EXPECT_EQ(storm.fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(named(storm, "coverage").outcome, Outcome::inconclusive);
  const JudgedCaptures healthy = analyze_captures(capture("control-lro-on", "router-wan"), std::nullopt, {});
  EXPECT_EQ(healthy.outcome, Outcome::inconclusive);
}

TEST(AnalyzeCaptures, TheStateOfLroDecidesBetweenOrphansAndGuesses) {
  AssumedRouter router;
  router.lro = true;
  EXPECT_EQ(both("smaller-client-mtu", router).fault_class, FaultClass::wrong_gso_size);
  router.lro = false;
  EXPECT_EQ(both("smaller-client-mtu", router).fault_class, FaultClass::lro_orphan_storm);
}

TEST(AnalyzeCaptures, WhatIsNoCaptureIsRefused) {
  const TempFolder folder;
  std::ofstream(folder.path() / "text.pcap") << "this is no capture, however long it goes on";
  EXPECT_THROW(analyze_captures(folder.path() / "text.pcap", std::nullopt, {}), Error);
  EXPECT_THROW(analyze_captures(folder.path() / "missing.pcap", std::nullopt, {}), Error);
}

TEST(AnalyzeCaptures, ACutFileIsReadUpToThere) {
  const TempFolder folder;
  const fs::path cut = folder.path() / "cut.pcapng";
  fs::copy_file(capture("hypervisor-lro", "router-wan"), cut);
  fs::resize_file(cut, fs::file_size(cut) / 2);
  const JudgedCaptures judged = analyze_captures(cut, std::nullopt, {});
  EXPECT_NE(judged.cut_off, "");
  EXPECT_EQ(judged.fault_class, FaultClass::lro_orphan_storm);
}

}  // namespace
}  // namespace offlab
