// report.html: a verdict, its evidence and its charts in one file that needs no network.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/bisect_report.h"
#include "model/case_profile.h"
#include "model/gate_report.h"
#include "model/night_report.h"
#include "model/verdict.h"

namespace offlab {

// A table, or a few sentences, above the cases.
struct ReportBlock {
  std::string title;
  std::string text = {};
  std::vector<std::string> head = {};
  std::vector<std::vector<std::string>> rows = {};
};

// Pairs of a gate: by how much the candidate's goodput differs from the baseline's. All in percent; -10 is ten percent
// less.
struct ReportPairs {
  std::vector<double> changes;  // of each pair, in the order of measuring
  double mean = 0;
  std::optional<std::pair<double, double>> interval = {};  // of the mean; nothing: too few pairs
  double interval_percent = 95;
  double margin = 0;  // a candidate below it is worse
};

struct ReportCase {
  CaseResult result;
  CaseProfile profile = {};               // empty: none was kept
  std::vector<std::string> remarks = {};  // "quarantined until 2026-12-24: ..."
  std::string report = {};                // a report of its own, relative to this one; empty: there is none
};

struct HtmlReport {
  std::string kind;  // "run", "suite", "gate", "night", "bisect"
  std::string title;
  std::string summary = {};
  std::string sentence;  // the verdict
  Outcome outcome;
  Question question = Question::healthy;
  std::string started = {};  // ISO 8601, UTC
  double seconds = 0;
  std::vector<ReportBlock> blocks = {};
  std::optional<ReportPairs> pairs = {};  // above the cases, where a gate has some
  std::vector<ReportCase> cases = {};
  std::vector<LabHost> labs = {};
  std::map<std::string, std::string> packages = {};
};

// The case's paths as seen from the folder that its run's folder lies in; empty: the same one.
CaseResult in_folder(CaseResult one, const std::string& folder);
// Without what would be linked.
CaseResult without_files(CaseResult one);

// Without the profiles of the cases. Of a run, or ("suite") of several in one folder (report/suite.h).
HtmlReport report_of_run(const RunResult& run, const std::string& kind = "run");
HtmlReport report_of_gate(const GateReport& gate);
HtmlReport report_of_bisection(const BisectReport& bisection);
// `folder`: the night's, absolute; what lies elsewhere is not linked.
HtmlReport report_of_night(const NightReport& night, const std::string& folder);

// The page. Where it would grow beyond `most_bytes`, the charts of the cases are left out whose verdict needs them
// least, and the page says so.
inline constexpr std::size_t largest_report = 5'000'000;
std::string html_report(const HtmlReport& report, std::size_t most_bytes = largest_report);

// "3 of 5 cases show a fault: lro-orphan-storm (2), wrong-gso-size."
std::string verdict_sentence(const RunResult& run);

}  // namespace offlab
