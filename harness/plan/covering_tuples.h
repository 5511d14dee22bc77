// The pairs and triples of values that rows are to cover, numbered; and which rows are allowed.
#pragma once

#include <array>
#include <cstdint>

#include "plan/covering_rows.h"

namespace offlab {

// A dimension without a value yet, in a row that is being made.
constexpr unsigned no_value = ~0U;

// Two or three dimensions, and where the numbers of their values' combinations begin.
struct Interaction {
  std::array<std::size_t, 3> dimensions{};
  std::array<std::uint32_t, 3> strides{};
  unsigned size = 2;
  std::uint32_t first = 0;
  std::uint32_t tuples = 0;
};

struct TupleValues {
  std::array<std::size_t, 3> dimensions{};
  std::array<unsigned, 3> values{};
  unsigned size = 2;
};

class CoveringTuples {
 public:
  explicit CoveringTuples(const CoveringNeed& need);

  std::uint32_t count() const { return count_; }
  // Those that a dimension belongs to.
  const std::vector<Interaction>& of(std::size_t dimension) const { return of_[dimension]; }
  const std::vector<Interaction>& all() const { return all_; }
  TupleValues values_of(std::uint32_t tuple) const;

  // Can this row, in which values may be missing, be completed without a forbidden combination?
  bool completable(const CoveringRow& row) const;
  bool is_restricted() const { return !forbidden_.empty(); }

 private:
  void add(const std::vector<std::size_t>& dimensions);
  bool complete_from(CoveringRow& row, std::size_t position) const;

  std::vector<unsigned> sizes_;
  std::vector<ForbiddenValues> forbidden_;
  std::vector<std::size_t> restricted_;  // the dimensions that forbidden combinations name
  std::vector<Interaction> all_;
  std::vector<std::vector<Interaction>> of_;
  std::uint32_t count_ = 0;
};

// The number of the tuple that a row holds of an interaction; its dimensions have values.
inline std::uint32_t tuple_of(const Interaction& interaction, const CoveringRow& row) {
  std::uint32_t number = interaction.first;
  for (unsigned i = 0; i < interaction.size; ++i) number += interaction.strides[i] * row[interaction.dimensions[i]];
  return number;
}

}  // namespace offlab
