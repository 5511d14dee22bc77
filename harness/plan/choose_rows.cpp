#include "plan/choose_rows.h"

#include <algorithm>

#include <fmt/core.h>

#include "plan/covering_rows.h"

namespace offlab {
namespace {

std::optional<std::size_t> axis_number(const std::vector<Axis>& axes, const std::string& key) {
  const auto found = std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.key == key; });
  if (found == axes.end()) return std::nullopt;
  return static_cast<std::size_t>(found - axes.begin());
}

std::optional<unsigned> value_number(const Axis& axis, const std::string& value) {
  const auto found = std::find(axis.values.begin(), axis.values.end(), value);
  if (found == axis.values.end()) return std::nullopt;
  return static_cast<unsigned>(found - axis.values.begin());
}

// Nothing when an axis or a value is not among the axes: then no row holds it.
std::optional<ForbiddenValues> numbers_of(const std::vector<Axis>& axes, const SettingTexts& settings) {
  ForbiddenValues numbers;
  for (const auto& [key, text] : settings) {
    const auto axis = axis_number(axes, key);
    const auto value = axis ? value_number(axes[*axis], text) : std::nullopt;
    if (!value) return std::nullopt;
    numbers.emplace_back(*axis, *value);
  }
  return numbers;
}

bool holds_any(const CoveringRow& row, const std::vector<ForbiddenValues>& combinations) {
  return std::any_of(combinations.begin(), combinations.end(), [&](const ForbiddenValues& one) {
    return std::all_of(one.begin(), one.end(), [&](const auto& value) { return row[value.first] == value.second; });
  });
}

std::vector<CoveringRow> every_row(const std::vector<unsigned>& sizes) {
  std::vector<CoveringRow> all = {{}};
  for (const unsigned size : sizes) {
    std::vector<CoveringRow> longer;
    for (const CoveringRow& row : all)
      for (unsigned value = 0; value < size; ++value) {
        longer.push_back(row);
        longer.back().push_back(value);
      }
    all = std::move(longer);
  }
  return all;
}

// Rows of an earlier run that have a value of each axis, and are not excluded.
std::vector<CoveringRow> still_possible(const std::vector<Axis>& axes, const std::vector<SettingTexts>& rows,
                                        const std::vector<ForbiddenValues>& forbidden) {
  std::vector<CoveringRow> possible;
  for (const SettingTexts& settings : rows) {
    const auto numbers = numbers_of(axes, settings);
    if (!numbers || numbers->size() != axes.size()) continue;
    CoveringRow row(axes.size());
    for (const auto& [axis, value] : *numbers) row[axis] = value;
    if (!holds_any(row, forbidden) && std::find(possible.begin(), possible.end(), row) == possible.end())
      possible.push_back(std::move(row));
  }
  return possible;
}

std::vector<std::size_t> axes_by_threes(const std::vector<Axis>& axes, const Covering& covering,
                                        std::vector<std::string>& mistakes) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < axes.size() && covering.all_by_threes; ++i) numbers.push_back(i);
  for (const std::string& key : covering.by_threes) {
    const auto axis = axis_number(axes, key);
    if (!axis)
      mistakes.push_back(fmt::format("--t-way: no axis is called '{}'", key));
    else if (std::find(numbers.begin(), numbers.end(), *axis) == numbers.end())
      numbers.push_back(*axis);
  }
  if (mistakes.empty() && !covering.by_threes.empty() && numbers.size() < 3)
    mistakes.emplace_back("--t-way 3: name at least three different axes");
  return numbers;
}

// Each row holds one combination of the values of these axes.
std::size_t combinations_of(const std::vector<std::size_t>& sizes) {
  std::size_t count = 1;
  for (const std::size_t size : sizes) count = std::min(count, max_combinations + 1) * size;
  return count;
}

std::size_t fewest_rows(const CoveringNeed& need) {
  std::vector<std::size_t> by_pairs(need.sizes.begin(), need.sizes.end());
  std::vector<std::size_t> by_threes;
  for (const std::size_t axis : need.by_threes) by_threes.push_back(need.sizes[axis]);
  std::sort(by_pairs.rbegin(), by_pairs.rend());
  std::sort(by_threes.rbegin(), by_threes.rend());
  by_pairs.resize(std::min<std::size_t>(by_pairs.size(), 2));
  by_threes.resize(by_threes.size() < 3 ? 0 : 3);
  return std::max(combinations_of(by_pairs), combinations_of(by_threes));
}

std::vector<CoveringRow> all_allowed(const CoveringNeed& need, std::vector<std::string>& mistakes) {
  if (combinations_of({need.sizes.begin(), need.sizes.end()}) > max_combinations) {
    mistakes.push_back(fmt::format(
        "the axes have more than {} combinations; --pairwise takes few of them, in which every pair of values occurs",
        max_combinations));
    return {};
  }
  std::vector<CoveringRow> rows = every_row(need.sizes);
  rows.erase(
      std::remove_if(rows.begin(), rows.end(), [&](const CoveringRow& row) { return holds_any(row, need.forbidden); }),
      rows.end());
  return rows;
}

std::vector<CoveringRow> covering_of(const std::vector<Axis>& axes, CoveringNeed need, const Covering& how,
                                     std::vector<std::string>& mistakes) {
  need.by_threes = axes_by_threes(axes, how, mistakes);
  need.kept = still_possible(axes, how.kept, need.forbidden);
  if (fewest_rows(need) > max_combinations)
    mistakes.push_back(
        fmt::format("the axes have so many values that more than {} cases are needed", max_combinations));
  if (!mistakes.empty()) return {};
  std::vector<CoveringRow> rows = covering_rows(need);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

ChosenRows choose_rows(const std::vector<Axis>& axes, const std::vector<SettingTexts>& excluded,
                       const std::optional<Covering>& covering) {
  CoveringNeed need;
  for (const Axis& axis : axes) need.sizes.push_back(static_cast<unsigned>(axis.values.size()));
  for (const SettingTexts& settings : excluded)
    if (auto numbers = numbers_of(axes, settings)) need.forbidden.push_back(std::move(*numbers));
  ChosenRows chosen;
  const bool covers = covering && !axes.empty();
  for (const CoveringRow& row :
       covers ? covering_of(axes, need, *covering, chosen.mistakes) : all_allowed(need, chosen.mistakes)) {
    SettingTexts& settings = chosen.rows.emplace_back();
    for (std::size_t i = 0; i < axes.size(); ++i) settings.emplace_back(axes[i].key, axes[i].values[row[i]]);
  }
  if (chosen.rows.empty() && chosen.mistakes.empty() && !excluded.empty())
    chosen.mistakes.emplace_back("every combination of the axes is excluded");
  return chosen;
}

}  // namespace offlab
