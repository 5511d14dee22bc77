// Damage to texts, of kinds that matter to whoever reads them; the same seed gives the same damage.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace offlab::fuzz {

using Random = std::mt19937;

// From 0 to limit - 1; 0 when there is nothing to choose from.
std::size_t below(Random& random, std::size_t limit);

template <typename Value>
const Value& one_of(const std::vector<Value>& values, Random& random) {
  return values.at(below(random, values.size()));
}

struct Damaged {
  std::string text;
  std::string how;  // in words, to find the place again
};

// Whole documents of JSON, each a value that no file should have where another belongs.
const std::vector<std::string>& odd_values();
// Names and paths as they stand in JSON strings: with slashes, escapes, line ends.
const std::vector<std::string>& odd_names();

// Bytes are changed, cut, put in, doubled.
Damaged damaged_bytes(std::string text, Random& random);
// Values of a document are replaced, removed, doubled, moved. A text that is no JSON gets damaged bytes. `paths` are
// among the values: JSON texts that mean something where the document is read.
Damaged damaged_json(const std::string& text, Random& random, const std::vector<std::string>& paths = {});
// Most often the latter.
Damaged damaged(const std::string& text, Random& random, const std::vector<std::string>& paths = {});

}  // namespace offlab::fuzz
