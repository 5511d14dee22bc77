// The names are a contract: other programs look for them in run.json.
#include "model/invariant.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

// Others may come beside them.
TEST(Invariant, KeepsTheNamesOfTheContract) {
  for (const char* name :
       {"stimulus-present", "egress-size",         "mss-respected",     "segment-boundaries", "coverage",
        "amplification",    "bogus-frag-needed",   "pmtud-convergence", "icmp-accounting",    "integrity",
        "df-preserved",     "header-transparency", "duplicates",        "reordering",         "retransmits",
        "throughput-floor", "state-held",          "kernel-log",        "liveness",           "family-symmetry"})
    EXPECT_NE(parse_invariant(name), std::nullopt) << name;
}

TEST(Invariant, IsFoundByItsName) {
  for (const Invariant invariant : all_invariants) EXPECT_EQ(parse_invariant(to_string(invariant)), invariant);
  EXPECT_EQ(parse_invariant("Coverage"), std::nullopt);
  EXPECT_EQ(parse_invariant(""), std::nullopt);
}

}  // namespace
}  // namespace offlab
