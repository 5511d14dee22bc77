// What `offlab verify` looks for in a case.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/fault_class.h"

namespace offlab {

// A class, or that the case is skipped: offlab refuses it, with a reason.
class Expectation {
 public:
  Expectation(FaultClass fault) : fault_(fault) {}  // NOLINT(google-explicit-constructor): every class is one
  static Expectation skipped() { return {}; }

  bool is_skip() const { return !fault_; }
  std::string_view word() const { return fault_ ? to_string(*fault_) : to_string(Outcome::skip); }
  bool operator==(const Expectation&) const = default;

 private:
  Expectation() = default;

  std::optional<FaultClass> fault_;
};

inline std::string_view to_string(const Expectation& expectation) {
  return expectation.word();
}
std::optional<Expectation> parse_expectation(std::string_view text);
std::vector<Expectation> all_expectations();

}  // namespace offlab
