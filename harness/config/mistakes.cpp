#include "config/mistakes.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/core.h>
#include <fmt/format.h>

namespace offlab {
namespace {

constexpr std::size_t max_mistakes = 100;
constexpr std::size_t max_text = 300;

std::string tamed(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  if (text.size() <= max_text) return text;
  std::size_t end = max_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // never inside a UTF-8 sequence
  return text.substr(0, end) + "...";
}

}  // namespace

void Mistakes::add(SourcePosition position, std::string message, std::string hint) {
  if (diagnostics_.size() > max_mistakes) return;
  if (position.line == 0) position = {1, 1, position.file};  // what concerns the whole file stands at its beginning
  if (diagnostics_.size() == max_mistakes) {
    message = "too many mistakes; the rest is not shown";
    hint.clear();
  }
  diagnostics_.push_back({files_.at(position.file), position, tamed(std::move(message)), tamed(std::move(hint))});
}

void Mistakes::add_unquoted(SourcePosition position, std::string message, std::string hint) {
  add(position, std::move(message), std::move(hint));
  diagnostics_.back().quotes = false;
}

Diagnostics Mistakes::take() {
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.position.file, a.position) < std::tie(b.position.file, b.position);
  });
  return std::exchange(diagnostics_, {});
}

std::string hint_for(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_word(word, candidates);
  if (!nearest.empty()) return fmt::format("did you mean '{}'?", nearest);
  if (candidates.empty() || candidates.size() > 16) return {};
  return fmt::format("one of: {}", fmt::join(candidates, ", "));
}

}  // namespace offlab
