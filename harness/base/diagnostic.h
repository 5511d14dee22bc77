// A mistake in a user's file: where it is, what it is, and what was probably meant.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace offlab {

// 1-based; line 0 means "the file as a whole".
struct SourcePosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t file = 0;  // among those that were read together
  auto operator<=>(const SourcePosition&) const = default;
};

struct Diagnostic {
  std::string file;
  SourcePosition position;
  std::string message;
  std::string hint;    // empty where there is none
  bool quotes = true;  // may the line be shown? Not that of a file which is not the user's
  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

struct SourceFile {
  std::string name;
  std::string text;
};

// "FILE:LINE:COL: error: MESSAGE", the line, a caret under the column (both only where the line may be shown),
// "hint: ...". `source` is the file's text.
std::string render(const Diagnostic& diagnostic, std::string_view source);
// All of them in the order of their positions, then "N mistakes in FILE".
std::string render(Diagnostics diagnostics, std::string_view source);
// The same for files that were read together; each diagnostic names one of them.
std::string render(const Diagnostics& diagnostics, const std::vector<SourceFile>& files);

// The candidate nearest to `word` in edit distance, empty when none is near enough to be a slip of the pen.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace offlab
