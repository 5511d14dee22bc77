// Captures made elsewhere: every kind of every pair. OFFLAB_MATRIX=FOLDER keeps all files there, each kind's in a
// folder of its own, and writes wrong.txt, a line for each cell that is wrong.
#include "unit/runner/capture_matrix.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

const std::string begin_mark = "<!-- captures made elsewhere -->\n";
const std::string end_mark = "<!-- end -->\n";

std::string file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

const std::vector<MatrixCell>& capture_matrix() {
  static const std::vector<MatrixCell> cells = [] {
    if (const char* folder = std::getenv("OFFLAB_MATRIX")) return judge_matrix(folder);
    const TempFolder folder;
    return judge_matrix(folder.path());
  }();
  return cells;
}

TEST(CaptureMatrix, PairsAsTheyAreAreJudgedAsWhatTheyAre) {
  const TempFolder folder;
  for (const FieldPair& pair : field_pairs()) {
    const MatrixCell cell = judge_cell(capture_kinds().front(), pair, folder.path());
    EXPECT_EQ(cell.outcome, pair.fault == FaultClass::healthy ? "pass" : "fail") << describe(cell);
    EXPECT_THAT(cell.classes, testing::Contains(pair.fault)) << describe(cell);
  }
}

TEST(CaptureMatrix, KindsHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const CaptureKind& kind : capture_kinds())
    EXPECT_TRUE(names.insert(kind.group + ": " + kind.name).second) << kind.group << ": " << kind.name;
}

std::string all_bytes(const CaptureKind& kind, const FieldPair& pair) {
  std::string bytes;
  for (const CaptureContent& file : kind.convert(pair.frames)) bytes += capture_bytes(file);
  return bytes;
}

TEST(CaptureMatrix, EveryKindDiffersFromThePairAsItIs) {
  const CaptureKind& plain = capture_kinds().front();
  for (const CaptureKind& kind : capture_kinds()) {
    const bool differs = std::any_of(field_pairs().begin(), field_pairs().end(), [&](const FieldPair& pair) {
      return all_bytes(kind, pair) != all_bytes(plain, pair);
    });
    EXPECT_EQ(differs, &kind != &plain) << kind.group << ": " << kind.name;
  }
}

TEST(CaptureMatrix, NoConversionTurnsAnAnswerIntoAWrongOne) {
  std::string wrong;
  for (const MatrixCell& cell : capture_matrix())
    if (!is_right(cell)) wrong += describe(cell) + "\n";
  if (const char* folder = std::getenv("OFFLAB_MATRIX")) write_file(std::string(folder) + "/wrong.txt", wrong);
  EXPECT_EQ(wrong, "");
}

// OFFLAB_UPDATE_GOLDEN=1 puts it there.
TEST(CaptureMatrix, TheDocumentHasTheMatrix) {
  const std::string path = source_folder() + "/docs/error-rates.md";
  std::string text = file_text(path);
  ASSERT_NE(text.find(begin_mark), std::string::npos);
  const auto begin = text.find(begin_mark) + begin_mark.size();
  const auto end = text.find(end_mark, begin);
  ASSERT_NE(end, std::string::npos);
  const std::string matrix = matrix_markdown(capture_matrix());
  if (std::getenv("OFFLAB_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text.replace(begin, end - begin, matrix);
    GTEST_SKIP() << "wrote " << path;
  }
  EXPECT_EQ(text.substr(begin, end - begin), matrix) << "OFFLAB_UPDATE_GOLDEN=1 puts the matrix into " << path;
}

}  // namespace
}  // namespace offlab
