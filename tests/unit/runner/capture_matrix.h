// What analyze says of each kind of capture of each pair, and whether that is right.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unit/runner/capture_kinds.h"

namespace offlab {

struct MatrixCell {
  const CaptureKind* kind = nullptr;
  const FieldPair* pair = nullptr;
  std::string outcome;  // of the verdict, or "error"
  std::vector<FaultClass> classes;
  std::string violated;  // invariants, or what the error says
};

// Its files go into the folder and stay there.
MatrixCell judge_cell(const CaptureKind& kind, const FieldPair& pair, const std::filesystem::path& folder);

// The rule: a conversion turns no healthy pair into a fail and no fault into a pass or another class. Inconclusive is
// the worst that may happen. Where the router lets nothing through any more, that may be told instead, and is no pass.
// A file without TCP data may be refused.
bool is_right(const MatrixCell& cell);

// All kinds of all pairs, kind after kind. Each kind has a folder for its files.
std::vector<MatrixCell> judge_matrix(const std::filesystem::path& folder);

// "kind | pair | outcome | classes | violated", one line.
std::string describe(const MatrixCell& cell);
// A row for each kind, a column for each pair.
std::string matrix_markdown(const std::vector<MatrixCell>& cells);

}  // namespace offlab
