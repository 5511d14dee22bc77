// Covering arrays: few rows in which every pair of values occurs, and every triple of chosen dimensions.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace offlab {

using CoveringRow = std::vector<unsigned>;  // the number of a value for each dimension, from 0

// Values that no row may hold together: (dimension, value).
using ForbiddenValues = std::vector<std::pair<std::size_t, unsigned>>;

struct CoveringNeed {
  std::vector<unsigned> sizes;           // how many values each dimension has; none is 0
  std::vector<std::size_t> by_threes{};  // of these dimensions every triple is covered; fewer than three: pairs only
  std::vector<ForbiddenValues> forbidden{};
  std::vector<CoveringRow> kept{};  // rows that stay, as they are; none of them is forbidden
};

// The kept rows, then what covers the rest. Pairs and triples that no allowed row can hold are left out. The same need
// gives the same rows, on every machine. One dimension: each of its values once. None of the rows is forbidden; where
// everything is, there is no row.
//
// Rows are made one at a time, each the best of several tries (Cohen et al., "The AETG system", IEEE TSE 23(7), 1997),
// then rows are taken away and what they alone covered is brought into others, by tabu search over single values (as in
// Lin et al., "TCA: An efficient two-mode meta-heuristic algorithm for combinatorial test generation", ASE 2015).
std::vector<CoveringRow> covering_rows(const CoveringNeed& need);

}  // namespace offlab
