#include "bundle/judged_evidence.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "capture/capture_set.h"
#include "runner/annotate_findings.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// As analyze_captures() names it.
std::string shown_name(const std::vector<fs::path>& files) {
  return files.size() == 1 ? files.front().string() : CaptureSet(files).name();
}

bool is_swapped(const JudgedEvidence& original) {
  const ForeignEvidence& evidence = original.evidence;
  if (evidence.second.empty() || original.judged.captures.empty()) return false;
  const std::string& before = original.judged.captures.front().name;
  return before != shown_name(evidence.first) && before == shown_name(evidence.second);
}

template <typename Value>
std::string words_of(const std::set<Value>& values) {
  std::vector<std::string_view> words;
  for (const Value value : values) words.push_back(to_string(value));
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

std::set<FaultClass> classes_of(const JudgedCaptures& judged) {
  return {judged.verdict.classes.begin(), judged.verdict.classes.end()};
}

std::set<Invariant> violated(const JudgedCaptures& judged) {
  std::set<Invariant> all;
  for (const Finding& finding : judged.verdict.findings)
    if (finding.outcome == Outcome::fail) all.insert(finding.invariant);
  return all;
}

}  // namespace

JudgedEvidence judge_evidence(const ForeignEvidence& evidence, const AssumedRouter& router) {
  for (const auto* files : {&evidence.first, &evidence.second})
    if (std::find(files->begin(), files->end(), "-") != files->end())
      throw Error("standard input can be read only once", "write the capture to a file first");
  return {evidence, analyze_captures(evidence, router)};
}

std::string difference(const JudgedCaptures& original, const JudgedCaptures& made) {
  std::vector<std::string> all;
  if (original.has_flow != made.has_flow)
    all.emplace_back(made.has_flow ? "a flow, where there was none" : "no flow that can be judged");
  if (original.verdict.outcome != made.verdict.outcome)
    all.push_back(
        fmt::format("outcome {} instead of {}", to_string(made.verdict.outcome), to_string(original.verdict.outcome)));
  if (classes_of(original) != classes_of(made))
    all.push_back(fmt::format("class {} instead of {}", words_of(classes_of(made)), words_of(classes_of(original))));
  if (violated(original) != violated(made))
    all.push_back(fmt::format("violated: {} instead of {}", words_of(violated(made)), words_of(violated(original))));
  return fmt::format("{}", fmt::join(all, "; "));
}

std::vector<std::vector<fs::path>> files_in_order(const JudgedEvidence& original) {
  const ForeignEvidence& evidence = original.evidence;
  if (evidence.second.empty()) return {evidence.first};
  if (is_swapped(original)) return {evidence.second, evidence.first};
  return {evidence.first, evidence.second};
}

std::vector<std::string> names_of(const CaptureNames& names, const JudgedEvidence& original) {
  if (original.evidence.second.empty()) return {names.before};
  if (names.before == names.behind) throw Error(fmt::format("two captures cannot both be called {}", names.before));
  return {names.before, names.behind};
}

ForeignEvidence evidence_in(const fs::path& folder, const CaptureNames& names, const JudgedEvidence& original) {
  ForeignEvidence evidence = original.evidence;
  evidence.first = {folder / names.before};
  if (!evidence.second.empty()) evidence.second = {folder / names.behind};
  return evidence;
}

void move_names(JudgedCaptures& judged, const fs::path& folder) {
  const auto move = [&](std::string& name) { name = (folder / fs::path(name).filename()).string(); };
  move(judged.ingress);
  if (judged.egress) move(*judged.egress);
  for (CaptureOverview& capture : judged.captures) move(capture.name);
}

void comment_findings(const JudgedCaptures& judged, const fs::path& folder) {
  for (const auto& [point, comments] : comments_of(judged.verdict.findings)) annotate_capture(folder, point, comments);
}

}  // namespace offlab
