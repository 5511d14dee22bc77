// Invariants against mutations.
#pragma once

#include <string>
#include <vector>

#include "model/scenario.h"
#include "selftest/mutations.h"

namespace offlab {

struct MutationRow {
  Mutation mutation;
  std::vector<Invariant> tripped;  // invariants that did not pass, or passed with a warning
  bool as_told;                    // its own one did what its row calls a violation

  // Its own invariant tripped, as its row says, with those that must, and no other.
  bool holds() const;
};

struct MutationTable {
  std::vector<Invariant> invariants;  // all of them
  std::vector<Invariant> tripped_unchanged;
  std::vector<MutationRow> rows;

  // Nothing trips on the recording itself, every row holds, and every invariant has a row, or says why it has none.
  bool holds() const;
  std::vector<Invariant> invariants_without_mutation() const;
};

// `leg` is a healthy one, `control` the leg it is compared with.
MutationTable try_mutations(const RecordedLeg& leg, const RecordedLeg& control, const MeasureOptions& options);

// For a terminal, and as a Markdown table.
std::string describe(const MutationTable& table);
std::string markdown(const MutationTable& table);

}  // namespace offlab
