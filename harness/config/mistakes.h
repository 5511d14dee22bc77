// The mistakes of one file, collected while it is read.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"

namespace offlab {

class Mistakes {
 public:
  explicit Mistakes(std::string file) : files_({std::move(file)}) {}
  // Positions tell the file by its place in the list.
  explicit Mistakes(std::vector<std::string> files) : files_(std::move(files)) {}

  // Text quoted from the file may be hostile: control characters are replaced, long messages are cut.
  // After 100 mistakes the rest is only announced.
  void add(SourcePosition position, std::string message, std::string hint = {});
  // The same, and whoever shows it is not to show the line.
  void add_unquoted(SourcePosition position, std::string message, std::string hint = {});
  std::size_t count() const { return diagnostics_.size(); }
  // Ordered by position.
  Diagnostics take();

 private:
  std::vector<std::string> files_;
  Diagnostics diagnostics_;
};

// "did you mean 'mtu'?" when a candidate is near, otherwise "one of: ..." (empty where that would be too long).
std::string hint_for(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace offlab
