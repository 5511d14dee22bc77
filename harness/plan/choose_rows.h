// Which combinations of the axes become cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/scenario.h"

namespace offlab {

using SettingTexts = std::vector<SettingText>;

// Rows that cover every pair of values, in place of every combination.
struct Covering {
  bool all_by_threes = false;               // every triple, of all axes
  std::vector<std::string> by_threes = {};  // the keys of axes whose triples are covered, too
  std::vector<SettingTexts> kept = {};      // rows of an earlier run; those that still are possible stay
  bool operator==(const Covering&) const = default;
};

// At most so many rows.
inline constexpr std::size_t max_combinations = 1000;

struct ChosenRows {
  std::vector<SettingTexts> rows = {};
  std::vector<std::string> mistakes = {};  // of the user; then there are no rows
  bool operator==(const ChosenRows&) const = default;
};

// Each row has a value for every axis, in the order of the axes; rows come in that order, the first axis varying
// slowest. `excluded`: no row holds all settings of one of them; what is not among the axes is in no row.
ChosenRows choose_rows(const std::vector<Axis>& axes, const std::vector<SettingTexts>& excluded,
                       const std::optional<Covering>& covering);

}  // namespace offlab
