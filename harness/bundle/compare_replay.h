// What was expected of a bundle's case, and what came out when it was run again.
#pragma once

#include <string>
#include <vector>

#include "bundle/expected.h"

namespace offlab {

struct ReplayAnswer {
  bool reproduced = false;
  std::vector<std::string> differences;  // a sentence each
};

// The class must be the same. Of a lab that imitates nothing, counters that grew there must have grown, and those that
// did not must not have; and a goodput that fell below half of the control's must have fallen as well.
ReplayAnswer compare_replay(const Expected& expected, const CaseResult& result,
                            const std::vector<ExpectedCounter>& counters);

// A table of both, and the answer.
std::string replay_text(const Expected& expected, const CaseResult& result,
                        const std::vector<ExpectedCounter>& counters, const ReplayAnswer& answer);

}  // namespace offlab
