#include "model/expectation.h"

namespace offlab {

std::optional<Expectation> parse_expectation(std::string_view text) {
  for (const Expectation& expectation : all_expectations())
    if (to_string(expectation) == text) return expectation;
  return std::nullopt;
}

std::vector<Expectation> all_expectations() {
  std::vector<Expectation> all(all_fault_classes().begin(), all_fault_classes().end());
  all.push_back(Expectation::skipped());
  return all;
}

}  // namespace offlab
