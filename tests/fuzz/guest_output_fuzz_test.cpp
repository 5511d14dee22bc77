// Ten thousand damaged texts of guests: what cannot be read is missing from what was measured, and is named; nothing
// else comes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/attempt.h"
#include "fuzz/guest_output.h"

namespace offlab::fuzz {
namespace {

TEST(GuestOutputFuzz, TheLegIsReadWhole) {
  const RecordedLeg leg = guest_leg();
  EXPECT_THAT(measure_guest_output(leg), testing::IsEmpty());
  const LegMeasurements measured = leg.measure();
  EXPECT_TRUE(measured.kernel_logs_read);
  EXPECT_EQ(measured.kernel_complaints.size(), 3U);
  EXPECT_TRUE(measured.frag_fails && measured.retransmitted_segments && measured.goodput_bps && measured.ingress_lro);
}

TEST(GuestOutputFuzz, TenThousandDamagedTextsAreEachMeasuredOrNamedAsMissing) {
  const RecordedLeg original = guest_leg();
  Tally tally;
  try_all([&](Random& random, const std::string& seed) {
    RecordedLeg leg = original;
    const std::vector<GuestText> texts = guest_texts(leg);
    const GuestText& one = one_of(texts, random);
    const Damaged changed = damaged(*one.text, random);
    *one.text = changed.text;
    const std::string name = seed + ": " + one.name + ": " + changed.how;
    std::vector<std::string> missing;
    EXPECT_EQ(refusal_of(name, [&] { missing = measure_guest_output(leg); }), std::nullopt) << name;
    for (const std::string& what : missing) EXPECT_NE(what, "") << name;
    tally.count(missing.empty() ? std::nullopt : std::optional(missing.front()));
  });
  tally.expect_both();
}

}  // namespace
}  // namespace offlab::fuzz
