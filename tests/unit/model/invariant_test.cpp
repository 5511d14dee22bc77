// The names are a contract: other programs look for them in run.json.
#include "model/invariant.h"

#include <string>

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(Invariant, HasTheNameOfTheContract) {
  std::string names;
  for (const Invariant invariant : all_invariants) names += std::string(to_string(invariant)) + " ";
  EXPECT_EQ(names,
            "stimulus-present egress-size mss-respected segment-boundaries coverage amplification bogus-frag-needed "
            "pmtud-convergence icmp-accounting integrity df-preserved header-transparency duplicates reordering "
            "retransmits throughput-floor state-held kernel-log liveness family-symmetry ");
}

TEST(Invariant, IsFoundByItsName) {
  for (const Invariant invariant : all_invariants) EXPECT_EQ(parse_invariant(to_string(invariant)), invariant);
  EXPECT_EQ(parse_invariant("Coverage"), std::nullopt);
  EXPECT_EQ(parse_invariant(""), std::nullopt);
}

}  // namespace
}  // namespace offlab
