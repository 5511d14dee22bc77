#include "plan/covering_tuples.h"

#include <algorithm>

namespace offlab {

CoveringTuples::CoveringTuples(const CoveringNeed& need)
    : sizes_(need.sizes), forbidden_(need.forbidden), of_(need.sizes.size()) {
  for (const ForbiddenValues& forbidden : forbidden_)
    for (const auto& [dimension, value] : forbidden)
      if (std::find(restricted_.begin(), restricted_.end(), dimension) == restricted_.end())
        restricted_.push_back(dimension);
  std::vector<bool> by_threes(sizes_.size(), false);
  if (need.by_threes.size() >= 3)
    for (const std::size_t dimension : need.by_threes) by_threes[dimension] = true;
  for (std::size_t a = 0; a < sizes_.size(); ++a)
    for (std::size_t b = a + 1; b < sizes_.size(); ++b) {
      if (!by_threes[a] || !by_threes[b]) {
        add({a, b});
        continue;
      }
      for (std::size_t c = b + 1; c < sizes_.size(); ++c)
        if (by_threes[c]) add({a, b, c});
    }
  if (sizes_.size() == 1) add({0});
}

void CoveringTuples::add(const std::vector<std::size_t>& dimensions) {
  Interaction made;
  made.size = static_cast<unsigned>(dimensions.size());
  made.first = count_;
  std::uint32_t stride = 1;
  for (unsigned i = 0; i < made.size; ++i) {
    made.dimensions[i] = dimensions[i];
    made.strides[i] = stride;
    stride *= sizes_[dimensions[i]];
  }
  made.tuples = stride;
  count_ += stride;
  all_.push_back(made);
  for (const std::size_t dimension : dimensions) of_[dimension].push_back(made);
}

TupleValues CoveringTuples::values_of(std::uint32_t tuple) const {
  const auto after = std::upper_bound(all_.begin(), all_.end(), tuple,
                                      [](std::uint32_t number, const Interaction& i) { return number < i.first; });
  const Interaction& interaction = *std::prev(after);
  TupleValues found{.dimensions = interaction.dimensions, .size = interaction.size};
  std::uint32_t rest = tuple - interaction.first;
  for (unsigned i = 0; i < interaction.size; ++i) {
    const unsigned size = sizes_[interaction.dimensions[i]];
    found.values[i] = rest % size;
    rest /= size;
  }
  return found;
}

bool CoveringTuples::completable(const CoveringRow& row) const {
  if (forbidden_.empty()) return true;
  CoveringRow tried = row;
  return complete_from(tried, 0);
}

bool CoveringTuples::complete_from(CoveringRow& row, std::size_t position) const {
  const auto holds = [&](const ForbiddenValues& forbidden) {
    return std::all_of(forbidden.begin(), forbidden.end(),
                       [&](const auto& one) { return row[one.first] == one.second; });
  };
  if (std::any_of(forbidden_.begin(), forbidden_.end(), holds)) return false;
  while (position < restricted_.size() && row[restricted_[position]] != no_value) ++position;
  if (position == restricted_.size()) return true;
  const std::size_t dimension = restricted_[position];
  for (unsigned value = 0; value < sizes_[dimension]; ++value) {
    row[dimension] = value;
    if (complete_from(row, position + 1)) return true;
  }
  row[dimension] = no_value;
  return false;
}

}  // namespace offlab
