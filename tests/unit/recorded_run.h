// The run in tests/data/recorded-run, and ways to change what it saw.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "folders.h"
#include "record/run_folder.h"
#include "selftest/recorded_leg.h"

namespace offlab {

inline const std::filesystem::path recorded_run_path = std::filesystem::path(tests_folder()) / "data/recorded-run";

inline const RunPlan& recorded_plan() {
  static const RunPlan plan = RunFolder::open(recorded_run_path).read_plan();
  return plan;
}

inline const CasePlan& recorded_case(std::string_view id) {
  for (const LabPlan& lab : recorded_plan().labs)
    for (const CasePlan& one : lab.cases)
      if (one.id == id) return one;
  throw std::logic_error("no such recorded case");
}

inline const RecordedLeg& recorded_leg(std::string_view id, LegRole role = LegRole::measured) {
  static std::map<std::pair<std::string, LegRole>, RecordedLeg> legs;
  const auto [leg, fresh] = legs.try_emplace({std::string(id), role});
  if (fresh) leg->second = read_recorded_leg(RunFolder::open(recorded_run_path), recorded_case(id), role);
  return leg->second;
}

// The leg as it was recorded, measured.
inline const LegMeasurements& recorded_measurements(std::string_view id, LegRole role = LegRole::measured) {
  static std::map<std::pair<std::string, LegRole>, LegMeasurements> legs;
  const auto [leg, fresh] = legs.try_emplace({std::string(id), role});
  if (fresh) leg->second = recorded_leg(id, role).measure();
  return leg->second;
}

// `text` with `piece` replaced everywhere; it must be there.
inline std::string replaced(std::string text, const std::string& piece, const std::string& replacement) {
  if (text.find(piece) == std::string::npos) throw std::logic_error("not in the text: " + piece);
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + replacement.size()))
    text.replace(at, piece.size(), replacement);
  return text;
}

// A node's snapshot without one of its sections.
inline std::string without_section(const std::string& text, const std::string& name) {
  const auto begin = text.find("==> " + name + " <==\n");
  if (begin == std::string::npos) throw std::logic_error("no such section: " + name);
  return text.substr(0, begin) + text.substr(text.find("\n==> ", begin) + 1);
}

}  // namespace offlab
